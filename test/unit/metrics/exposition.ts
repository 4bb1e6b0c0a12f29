type Family = {
  readonly kind: string;
  readonly help: string;
  readonly samples: (readonly [series: string, value: number])[];
};

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/;

/** Reads Prometheus' text format strictly; whatever is not in it is thrown. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  let help: readonly [name: string, text: string] | undefined;
  let current: readonly [name: string, family: Family] | undefined;
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, helpName = "", helpText = ""] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    const [, name = "", kind = ""] =
      /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (helpName) help = [helpName, helpText];
    else if (name) {
      if (help?.[0] !== name || families.has(name)) throw new Error(`misplaced: ${line}`);
      current = [name, { kind, help: help[1], samples: [] }];
      families.set(...current);
    } else current?.[1].samples.push(readSample(line, current[0]));
  }
  return families;
}

function readSample(line: string, family: string): readonly [series: string, value: number] {
  const [, name = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
  const belongs = name === family || /^_(bucket|sum|count)$/.test(name.slice(family.length));
  const number = value === "+Inf" ? Infinity : value === "Nan" ? NaN : Number(value);
  if (!belongs || value === "" || (Number.isNaN(number) && value !== "Nan")) {
    throw new Error(`not a sample of ${family}: ${line}`);
  }
  return [`${name}${labels}`, number];
}
