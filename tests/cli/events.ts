/** Lines as the commands on deployed stacks print them with --json. */
const reachable = (name: string) => ({ name, verdict: "reachable" });

const provider = "provider-account/orders-dev";
const gateway = "shared-services/dev";

const finding = {
  code: "NO_ROUTE_TO_DESTINATION",
  severity: "blocks",
  resource: "rtb-1",
  message: "table rtb-1 has no route to 10.20.0.10 | nothing",
  fix: "add the route",
};

const target = (name: string, verdict: string, findings: unknown[] = []) => ({
  ...{ name, provider: "orders", path: `/live/${name}`, verdict, hops: [], findings },
});

const run = (stack: string, operation: string, changes: Record<string, number>, more: object = {}) => ({
  ...{ event: "stack", pass: 1, stack, operation, outcome: "succeeded", changes },
  ...{ seconds: 61.4, waitsFor: [], errors: [], ...more },
});

const urn = (type: string, name: string) => `urn:pulumi:dev::shared-services::${type}::${name}`;

const summary = (command: string, more: object = {}) => ({
  ...{ event: "summary", command, simulated: false, complete: true, passes: 2, results: [], lost: [] },
  ...{ proof: { targets: [target("orders", "reachable")], notes: [], findings: [] }, problems: [], ...more },
});

const before = (lost: string[] = []) => ({
  ...{ event: "proof", when: "before", lost },
  targets: [reachable("orders"), reachable("refunds")],
});

/** Runs by what became of them. */
export const runs = {
  preview: [
    before(),
    run(provider, "preview", { same: 20 }),
    run(gateway, "preview", { replace: 1, same: 30 }),
    summary("preview", {
      proof: {
        targets: [target("orders", "reachable"), target("refunds", "reachable"), target("new", "reachable")],
        ...{ notes: [], findings: [] },
      },
      changed: [
        {
          ...{ project: "shared-services", stack: "dev", change: "replace" },
          resource: urn("pkg:index:A$aws:lb/targetGroup:TargetGroup", "refunds-tg"),
        },
        {
          ...{ project: "provider-account", stack: "orders-dev", change: "create" },
          resource: urn("aws:ec2/route:Route", "orders-route"),
        },
      ],
    }),
  ],
  loss: [
    before(["refunds"]),
    run(gateway, "preview", { delete: 9 }),
    {
      error: "Nothing was changed",
      problems: [
        {
          ...{ where: 'target "refunds"', what: "is reachable now and would not be afterwards" },
          allowed: "a change after which every target that is reachable now still is",
          change: "insist with --allow-loss refunds",
        },
      ],
    },
  ],
  up: [
    before(),
    { event: "pass", pass: 1, stacks: [{ stack: provider, reason: "first look" }] },
    { event: "stack-created", stack: provider },
    {
      ...{ event: "resource", stack: provider, operation: "create", type: "aws:ec2/vpc:Vpc" },
      urn: urn("aws:ec2/vpc:Vpc", "orders-vpc"),
    },
    run(provider, "up", { create: 23 }, { waitsFor: ["the gateway publishes its contract"] }),
    run(gateway, "up", { create: 101 }),
    run(provider, "up", { create: 7, same: 23 }),
    { event: "proof", when: "after", targets: [reachable("orders")], lost: [] },
    summary("up", { url: "https://x.execute-api.us-east-1.amazonaws.com/live" }),
  ],
  failed: [
    before(),
    {
      ...{ event: "locked", stack: gateway, holder: "root@runner, process 7, since 2026-01-01" },
      change: "wait until that update ends",
    },
    run(gateway, "up", {}, { outcome: "locked", errors: ["error: the stack is locked\n```\nby 1 lock"] }),
    summary("up", {
      complete: false,
      lost: ["refunds"],
      proof: {
        targets: [target("orders", "blocked", [finding])],
        notes: [],
        findings: [{ ...finding, resource: "" }],
      },
    }),
  ],
  drift: [
    {
      ...{ event: "resource", stack: gateway, operation: "delete", type: "aws:ec2/route:Route" },
      urn: urn("aws:ec2/route:Route", "orders-route"),
    },
    run(gateway, "refresh", { delete: 1, update: 2, same: 40 }),
    run(provider, "refresh", { same: 20 }),
    summary("refresh"),
  ],
  calm: [run(gateway, "refresh", { same: 43 }), summary("refresh")],
} as const;

/** A run's events as a file. */
export function lines(events: readonly unknown[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}
