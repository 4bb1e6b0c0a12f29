export type Step = Readonly<{
  /** Replaces what is said about the step while it runs. */
  detail: (text: string) => void;
  end: (outcome: string) => void;
}>;

/** Where long work tells what it does: single lines, and steps with their elapsed time. */
export type Progress = Readonly<{ line: (text: string) => void; begin: (name: string) => Step }>;

export type ProgressStream = Readonly<{ isTTY?: boolean; write: (text: string) => unknown }>;

const plainIntervalSeconds = 30;

/** Shows a running step on one line of a terminal, renewed each second; elsewhere a line per half minute. */
export function createProgress(stream: ProgressStream, now: () => number): Progress {
  const isTerminal = stream.isTTY === true;
  return {
    line: (text) => void stream.write(`${text}\n`),
    begin: (name) => {
      const started = now();
      let detail = "";
      let seconds = 0;
      const show = (): string => `  ${name}: ${formatElapsed(now() - started)}${detail}`;
      const timer = setInterval(() => {
        seconds += 1;
        if (isTerminal) stream.write(`\r\u001B[K${show()}`);
        else if (seconds % plainIntervalSeconds === 0) stream.write(`${show()}\n`);
      }, 1000);
      timer.unref();
      stream.write(isTerminal ? show() : `  ${name} ...\n`);
      return {
        detail: (text) => {
          detail = `, ${text}`;
        },
        end: (outcome) => {
          clearInterval(timer);
          const text = `  ${name}: ${outcome} (${formatElapsed(now() - started)})\n`;
          stream.write(isTerminal ? `\r\u001B[K${text}` : text);
        },
      };
    },
  };
}

/** 65,400 ms → "1:05". */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
