import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Identity } from "../../src/controlplane/identity.ts";
import type { ControlPlane } from "../../src/controlplane/start.ts";
import { startOwnControlPlane } from "../support/controlplane.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy, pod } from "../support/policies.ts";
import { removeNamespaces } from "../support/rawclientnamespaces.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";

const head = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";
const configuration = `${head}defaults: {enforce: baseline, audit: baseline, warn: baseline}
defaultDeny: {newNamespaces: disabled}
`;
const namespace = "facts-shop";

const shop = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };

function webFrom(app: string) {
  return networkPolicy("web", namespace, {
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app } } }],
        ports: [{ protocol: "TCP", port: 80 }],
      },
    ],
  });
}

/** A pod of the application, with a port that its container declares. */
function podOf(app: string, containerPort: number) {
  const { metadata, spec, ...rest } = pod(`${app}-1`, namespace);
  const [container] = spec.containers;
  const ports = [{ name: "http", containerPort }];
  return {
    ...rest,
    metadata: { ...metadata, labels: { app } },
    spec: { containers: [{ ...container, ports }], automountServiceAccountToken: false },
  };
}

function service(targetPort: number | string) {
  const spec = { selector: { app: "web" }, ports: [{ protocol: "TCP", port: 80, targetPort }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace }, spec };
}

const misses8080 =
  'service-port-mismatch at spec.ingress[0].ports[0].port: 80 is the port of Service "web", but its pods listen on 8080';
const missesApi =
  "matches-nothing-now at spec.ingress[0].from[0].podSelector: no pod matches app=apii now, so this peer lets nobody through; the nearest label is app=api.";

/** What `kubectl apply` of a policy warns of; it is accepted, and nothing stays. */
async function warnedOf(policy: object, kubeconfig?: string): Promise<string> {
  const { code, stderr } = await kubectl(["apply", "--dry-run=server", "-f", "-"], {
    stdin: policy,
    ...(kubeconfig !== undefined && { kubeconfig }),
  });
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return stderr;
}

async function create(objects: readonly object[], kubeconfig?: string): Promise<void> {
  const options = kubeconfig === undefined ? {} : { kubeconfig };
  await kubectlOk(["apply", "-f", "-"], { stdin: objects, ...options });
}

const soon = { timeout: 10_000, interval: 50 };

describe("the webhook that may see pods and Services", () => {
  let ringfence: Ringfence;
  beforeAll(async () => {
    await create([shop]);
    // Nobody makes service accounts where there is no controller manager.
    await create([
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } },
      podOf("api", 9090),
    ]);
    ringfence = await startRingfence({ configuration });
  });
  afterAll(async () => {
    await ringfence.stop();
    await removeNamespaces("facts-");
  });

  test("tells of a peer that no pod matches, with the label that was meant", async () => {
    await vi.waitFor(
      async () => expect(await warnedOf(webFrom("apii"))).toContain(missesApi),
      soon,
    );
    expect(await warnedOf(webFrom("api"))).toBe("");
  });

  test("tells no more of it once there is such a pod, and again when it is gone", async () => {
    await create([podOf("apii", 9090)]);
    await vi.waitFor(async () => expect(await warnedOf(webFrom("apii"))).toBe(""), soon);
    const now = ["--now", "--wait=false"];
    await kubectlOk(["delete", "pod", "apii-1", "--namespace", namespace, ...now]);
    await vi.waitFor(
      async () => expect(await warnedOf(webFrom("apii"))).toContain(missesApi),
      soon,
    );
  });

  test("tells of the port of a Service where the pods listen on another one", async () => {
    await create([service(8080)]);
    await vi.waitFor(
      async () => expect(await warnedOf(webFrom("api"))).toContain(misses8080),
      soon,
    );
    await create([service(80)]);
    await vi.waitFor(async () => expect(await warnedOf(webFrom("api"))).toBe(""), soon);
  });

  test("looks the name of a target up in the pods", async () => {
    await create([service("http")]);
    expect(await warnedOf(webFrom("api"))).toBe("");
    await create([podOf("web", 8080)]);
    await vi.waitFor(
      async () => expect(await warnedOf(webFrom("api"))).toContain(misses8080),
      soon,
    );
  });

  test("is silent where the configuration says so, and speaks again when it is changed back", async () => {
    const disabled = `${configuration}warnings: {podsAndServices: disabled}\n`;
    expect(await ringfence.reconfigure(disabled)).toBe(true);
    expect(await warnedOf(webFrom("apii"))).toBe("");
    expect(await ringfence.reconfigure(configuration)).toBe(true);
    await vi.waitFor(
      async () => expect(await warnedOf(webFrom("apii"))).toContain(missesApi),
      soon,
    );
  });
});

const limited: Identity = { name: "limited", user: "limited", groups: [] };

/** Everything that `ringfence dev` asks for, but for pods. */
const rules = [
  {
    apiGroups: [""],
    resources: ["namespaces", "services", "nodes"],
    verbs: ["*"],
  },
  {
    apiGroups: [
      "networking.k8s.io",
      "discovery.k8s.io",
      "apps",
      "events.k8s.io",
      "coordination.k8s.io",
      "admissionregistration.k8s.io",
      "ringfence.dev",
    ],
    resources: ["*"],
    verbs: ["*"],
  },
  { nonResourceURLs: ["*"], verbs: ["get"] },
];

describe("the webhook that may not see pods", () => {
  let controlPlane: ControlPlane;
  let ringfence: Ringfence;
  beforeAll(async () => {
    controlPlane = await startOwnControlPlane({ users: [limited] }, AbortSignal.timeout(60_000));
    const { kubeconfig } = controlPlane;
    const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: "limited" } };
    const apiGroup = "rbac.authorization.k8s.io";
    await create(
      [
        { ...rbac, kind: "ClusterRole", rules },
        {
          ...rbac,
          kind: "ClusterRoleBinding",
          roleRef: { apiGroup, kind: "ClusterRole", name: "limited" },
          subjects: [{ apiGroup, kind: "User", name: "limited" }],
        },
        shop,
        service(8080),
      ],
      kubeconfig,
    );
    ringfence = await startRingfence({
      configuration,
      kubeconfig: controlPlane.userKubeconfig("limited"),
    });
  });
  afterAll(async () => {
    await ringfence.stop();
    await controlPlane.stop();
  });

  test("judges as ever, says once what is withheld, and warns of nothing that it cannot see", async () => {
    const { kubeconfig } = controlPlane;
    await vi.waitFor(() => expect(withheld(ringfence)).toEqual(["/api/v1/pods"]), soon);
    expect(await warnedOf(webFrom("apii"), kubeconfig)).toBe("");
    const open = networkPolicy("open", namespace, { ingress: [{}] });
    const { code, stderr } = await kubectl(["apply", "-f", "-"], { stdin: open, kubeconfig });
    expect(code).toBe(1);
    expect(stderr).toContain("no-anyone at spec.ingress[0]");
    expect(withheld(ringfence)).toEqual(["/api/v1/pods"]);
  });
});

function withheld(ringfence: Ringfence): readonly unknown[] {
  return ringfence
    .lines()
    .filter(({ msg }) => msg === "the API server withholds what some warnings need")
    .map(({ path }) => path);
}
