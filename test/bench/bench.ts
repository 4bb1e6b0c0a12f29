// `npm run bench`: every figure with what it is compared to, as tables and as one JSON line.
import { provideForTests } from "../../scripts/run/provide.ts";
import { benchApiServer } from "./apiserver.ts";
import { benchDirect } from "./direct.ts";

const direct = await benchDirect();
const { assets, problems } = await provideForTests(undefined, new AbortController().signal);
if (assets === undefined) {
  console.error(`The API server was not measured: ${problems.join("; ")}`);
  process.exitCode = 1;
}
const apiServer = assets && (await benchApiServer(assets));
console.log(JSON.stringify({ direct, apiServer }));
