import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Runs a program on our terminal to its end; returns its exit code as a shell would. */
export function launch(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: "inherit", ...options });
    // A Ctrl-C on a terminal reaches the whole process group already; passing it on would make it two.
    const onInterrupt = () => {
      if (!process.stdin.isTTY) child.kill("SIGINT");
    };
    const onTerminate = (signal) => child.kill(signal);
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onTerminate);
    process.on("SIGHUP", onTerminate);
    // npm passes SIGTERM on to its shell, and a shell that dies of it leaves us behind.
    const parent = process.ppid;
    const orphaned = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) child.kill("SIGTERM");
    }, 500);
    orphaned.unref();
    const finish = (code) => {
      clearInterval(orphaned);
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
      process.off("SIGHUP", onTerminate);
      resolve(code);
    };
    child.once("error", (error) => {
      console.error(`${file} cannot be started: ${error.message}`);
      finish(127);
    });
    child.once("exit", (code, signal) => {
      finish(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
