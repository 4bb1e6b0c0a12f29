// The entry of `npm start`, `npm test` and `npm run e2e`. It must run wherever npm does: no package is
// installed yet, and the Node.js that runs it may be older than the one Ringfence needs.
const oldest = 20;
const major = Number(process.versions.node.split(".")[0]);

async function main() {
  const entry = await import("./run/entry.mjs");
  process.exitCode = await entry.run(process.argv[2], process.argv.slice(3));
}

if (major < oldest) {
  console.error(
    "Ringfence needs Node.js " +
      oldest +
      " or newer to start, and this is " +
      process.version +
      ".",
  );
  process.exitCode = 1;
} else {
  void main();
}
