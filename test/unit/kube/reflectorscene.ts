import { pino } from "pino";
import type { Change } from "../../../src/kube/cache.ts";
import type { Selection } from "../../../src/kube/client.ts";
import type { KubeObject } from "../../../src/kube/object.ts";
import { Reflector } from "../../../src/kube/reflector.ts";
import type { ReflectorTiming } from "../../../src/kube/timing.ts";
import { LocalApiServer } from "../../support/fakeapiserver/local.ts";
import { parseSelector } from "../../support/fakeapiserver/selecting.ts";
import type { Backup } from "../../support/fakeapiserver/store.ts";
import { withQuery } from "../../../src/kube/query.ts";
import { ManualClock } from "./manualclock.ts";
import type { Step, Write } from "./reflectorsteps.ts";

const path = "/api/v1/namespaces";
const collection = "v1/namespaces";
/** So much other traffic lies between two backups that a client cannot oversee which one it is. */
const between = 1_000_000;

export type SceneOptions = {
  readonly selection: Selection;
  readonly pageSize: number;
  readonly random: () => number;
  readonly timing?: Partial<ReflectorTiming>;
};

/** A reflector, its listeners and the server, in a time that the test moves. */
export class Scene {
  readonly clock = new ManualClock();
  readonly server: LocalApiServer;
  readonly reflector: Reflector<KubeObject>;
  readonly errors: string[] = [];
  readonly contradictions: string[] = [];
  /** What a listener knows who was added before, and after, those that throw. */
  readonly known = [new Map<string, KubeObject>(), new Map<string, KubeObject>()] as const;
  thrown = 0;
  readonly #selection: Selection;
  readonly #backups: Backup[] = [];
  #revision = 0;

  constructor({ selection, pageSize, random, timing = {} }: SceneOptions) {
    this.#selection = selection;
    this.server = new LocalApiServer(this.clock, pageSize);
    const write = (line: string): void => {
      const { level, msg } = JSON.parse(line);
      if (level >= 50) this.errors.push(msg);
    };
    this.reflector = new Reflector<KubeObject>({
      client: this.server.client(),
      resource: { path, ...selection },
      transform: (object) => object,
      log: pino({ level: "error" }, { write }),
      clock: this.clock,
      random,
      timing,
      onChange: this.#recorder(this.known[0]),
    });
    this.reflector.subscribe(({ type }) => {
      if (type !== "modified") this.#fail();
    });
    this.reflector.subscribe(async ({ key }) => {
      if (key < "d") this.#fail();
    });
    this.reflector.subscribe(this.#recorder(this.known[1]));
  }

  /** A time before the reflector: writes, a backup, more writes, and other traffic. */
  age(before: readonly Write[], after: readonly Write[]): void {
    for (const write of before) this.#write(write);
    this.#backups.push(this.server.store.backup());
    for (const write of after) this.#write(write);
    this.server.store.skip(between);
  }

  async take(step: Step): Promise<void> {
    const { server } = this;
    switch (step.do) {
      case "freeze":
      case "reset":
      case "end":
        for (const watch of server.watches) watch[step.do]();
        return;
      case "compact":
        return server.compact();
      case "restore": {
        const backup = this.#backups.pop();
        if (backup === undefined) return;
        server.restore(backup);
        for (const write of step.writes) this.#write(write);
        return;
      }
      case "fail":
        return server.script.add({ on: step.on }, step.fault);
      case "wait":
        return this.clock.advance(step.ms);
      case "put":
      case "remove":
      case "recreate":
        return this.#write(step);
    }
  }

  /** What the server has, and what the reflector and each listener believe that it has. */
  pictures(): { readonly truth: string; readonly copies: readonly string[] } {
    const query = new URL(withQuery(path, { ...this.#selection }), "http://local").searchParams;
    return {
      truth: picture(this.server.store.list(collection, parseSelector(query, undefined))),
      copies: [this.reflector.list(), ...this.known.map((known) => known.values())].map(picture),
    };
  }

  /**
   * Requests that came before the time for which the server had asked. A question beside a watch
   * that is refused holds up the next question, not the watch.
   */
  early(): readonly string[] {
    let all = 0;
    let questions = 0;
    return this.server.requests.flatMap(({ kind, at, notBefore }) => {
      const least = kind === "metadata" ? Math.max(all, questions) : all;
      if (kind === "metadata") questions = Math.max(questions, notBefore);
      else all = Math.max(all, notBefore);
      return at < least ? [`a ${kind} at ${at} instead of ${least}`] : [];
    });
  }

  #write(step: Write): void {
    const { store } = this.server;
    if (step.do === "put") {
      this.#revision += 1;
      const labels = { team: step.team, revision: String(this.#revision) };
      const metadata = { name: step.name, labels };
      store.put(collection, { kind: "Namespace", metadata, status: { phase: step.phase } });
      return;
    }
    const removed = store.remove(collection, step.name);
    if (removed === undefined || step.do === "remove") return;
    const { uid: _, ...kept } = removed.metadata;
    store.put(collection, { ...removed, metadata: kept });
  }

  #fail(): never {
    this.thrown += 1;
    throw new Error("a listener is broken");
  }

  /** Every change must fit what was told before. */
  #recorder(known: Map<string, KubeObject>): (change: Change<KubeObject>) => void {
    return ({ type, key, object, previous }) => {
      const before = known.get(key);
      const fits =
        type === "added"
          ? before === undefined && previous === undefined
          : before !== undefined &&
            before === previous &&
            before.metadata.uid === object.metadata.uid;
      if (!fits) this.contradictions.push(`${type} ${key}`);
      if (type === "deleted") known.delete(key);
      else known.set(key, object);
    };
  }
}

function picture(objects: Iterable<KubeObject>): string {
  const lines = Array.from(objects, ({ metadata, ["status"]: status }) => {
    const { name = "", uid = "", resourceVersion = "", labels } = metadata;
    return JSON.stringify([name, uid, resourceVersion, labels, status]);
  });
  return lines.toSorted((a, b) => (a < b ? -1 : 1)).join("\n");
}
