// A process that provides a control plane as `npm start` does, for tests that kill it in the middle.
import { createProgress } from "../../src/controlplane/progress.ts";
import { provideAssets } from "../../src/controlplane/provide.ts";

const { assets } = await provideAssets(
  {
    version: "1.37.2",
    isExplicit: true,
    environment: process.env,
    progress: createProgress(process.stderr, Date.now),
    now: Date.now,
  },
  new AbortController().signal,
);
process.stdout.write(assets?.directory ?? "none");
