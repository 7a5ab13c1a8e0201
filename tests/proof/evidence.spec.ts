import assert from "node:assert/strict";
import fc from "fast-check";
import type { StackResources } from "../../resources/resource";
import { Unknown } from "../../resources/resource";
import { prove } from "../../proof/prove";
import { all, find, landscape, remove, set } from "./landscape";

function verdicts(stacks: StackResources[]): Record<string, string> {
  return Object.fromEntries(prove(stacks).targets.map((target) => [target.name, target.verdict]));
}

function claim(stacks: StackResources[], name: string, basePath: string): void {
  const api = find(stacks, "RestApi", "api");
  stacks[0]?.resources.push({
    ...api,
    urn: `urn:pulumi:gateway::shared-services::bank:gateway:PrivateApiTarget::${name}`,
    type: "bank:gateway:PrivateApiTarget",
    name,
    id: "",
    custom: false,
    inputs: {},
    outputs: { basePath, provider: "somebody" },
    dependencies: [],
    propertyDependencies: {},
  });
}

describe("what the proof takes as evidence", () => {
  it("decides nothing about the other side from the gateway's file alone", () => {
    const [gateway] = landscape();
    const proof = prove(gateway === undefined ? [] : [gateway]);
    assert.deepEqual(new Set(proof.targets.map(({ verdict }) => verdict)), new Set(["unknown"]));
    for (const target of proof.targets) {
      assert.deepEqual(
        target.findings.filter(({ severity }) => severity === "blocks"),
        [],
      );
      assert.ok(target.findings.some(({ fix }) => fix === "give the other stack's file"));
    }
  });

  it("still blocks on what the gateway's file alone shows", () => {
    const [gateway] = landscape();
    const stacks = gateway === undefined ? [] : [gateway];
    remove(stacks, "Route", "rtb-subnet-g1-10.2.0.0/16");
    assert.deepEqual(verdicts(stacks), {
      cards: "blocked",
      ledger: "unknown",
      legacy: "unknown",
      payments: "unknown",
    });
  });

  it("says that there is no API when only a provider's file is given", () => {
    const proof = prove(landscape().slice(1));
    assert.deepEqual(proof.targets, []);
    assert.deepEqual(
      proof.findings.map(({ code }) => code),
      ["API_NOT_FOUND"],
    );
  });

  it("leaves only the targets of the missing provider undecided", () => {
    assert.deepEqual(verdicts(landscape().slice(0, 2)), {
      cards: "unknown",
      ledger: "reachable",
      legacy: "reachable",
      payments: "reachable",
    });
  });

  it("gives the same proof whatever the order of stacks and resources", () => {
    const expected = prove(landscape());
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (numbers) => {
        const shuffle = <T>(list: T[]): T[] =>
          list
            .map((value) => ({ value, key: Number(numbers.next().value) }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
        const stacks = shuffle(
          landscape().map((stack) => ({ ...stack, resources: shuffle(stack.resources) })),
        );
        assert.deepEqual(prove(stacks), expected);
      }),
      { numRuns: 25 },
    );
  });

  it("changes a verdict for every resource that is removed and was needed", () => {
    const stacks = landscape();
    // What may go: files of the same stack replace the VPC by its subnets, and one of two addresses is enough.
    const spare = /:(Vpc|VpcIpv4CidrBlockAssociation)$|^(payments-10\.1\.[12]\.10)$/;
    for (const [index, stack] of stacks.entries()) {
      for (const resource of stack.resources) {
        if (spare.test(resource.type) || spare.test(resource.name)) continue;
        const rest = landscape();
        const from = rest[index];
        if (from !== undefined) from.resources = from.resources.filter(({ urn }) => urn !== resource.urn);
        const after = verdicts(rest);
        const lost = ["cards", "ledger", "legacy", "payments"].some((name) => after[name] !== "reachable");
        assert.ok(lost, `${resource.type} ${resource.name} makes no difference`);
      }
    }
  });

  it("gives equal verdicts without names, tags and the engine's dependencies", () => {
    const stacks = landscape();
    let count = 0;
    for (const resource of all(stacks)) {
      count += 1;
      resource.name = `r${count}`;
      resource.urn = `urn:pulumi:s::p::${resource.type}::r${count}`;
      resource.dependencies = [];
      resource.propertyDependencies = {};
      delete resource.outputs.tags;
    }
    assert.deepEqual(verdicts(stacks), verdicts(landscape()));
  });

  it("does not take the removal of a link for granted when nothing says that it existed", () => {
    const stacks = landscape();
    remove(stacks, "VpcLink", "legacy");
    for (const resource of all(stacks)) {
      resource.dependencies = [];
      resource.propertyDependencies = {};
    }
    assert.equal(verdicts(stacks).legacy, "unknown");
  });

  for (const [title, type, name, key, target] of [
    ["route's connection", "Route", "rtb-c1-10.0.0.0/16", "vpcPeeringConnectionId", "cards"],
    ["listener's port", "Listener", "cards", "port", "cards"],
    ["listener's action", "Listener", "cards", "defaultActions", "cards"],
    ["target's address", "TargetGroupAttachment", "cards-10.2.1.20", "targetId", "cards"],
    ["rule's block", "SecurityGroupIngressRule", "cards-0", "cidrIpv4", "cards"],
    ["rule's port", "SecurityGroupIngressRule", "cards-0", "fromPort", "cards"],
    ["balancer's groups", "LoadBalancer", "shared", "securityGroups", "cards"],
    ["interface's groups", "NetworkInterface", "ledger", "securityGroups", "ledger"],
    ["association's table", "RouteTableAssociation", "c1", "routeTableId", "cards"],
    ["health check", "TargetGroup", "cards", "healthCheck", "cards"],
    ["client address setting", "TargetGroup", "cards", "preserveClientIp", "cards"],
    ["stage's deployment", "Stage", "v1", "deployment", "legacy"],
    ["link's subnets", "VpcLink", "link", "subnetIds", "cards"],
    ["integration's URI", "Integration", "legacy", "uri", "legacy"],
    ["accepter's state", "VpcPeeringConnectionAccepter", "gateway", "acceptStatus", "payments"],
    ["balancer's subnet", "LoadBalancer", "shared", "subnetMappings", "cards"],
    ["target group's kind", "TargetGroup", "cards", "targetType", "cards"],
    ["target's group", "TargetGroupAttachment", "payments-10.1.1.10", "targetGroupArn", "payments"],
    ["group's template", "LaunchTemplate", "service", "vpcSecurityGroupIds", "payments"],
  ] as const) {
    it(`does not decide when a ${title} is not told`, () => {
      const stacks = landscape();
      set(stacks, type, name, { [key]: new Unknown("secret") });
      assert.equal(verdicts(stacks)[target], "unknown");
    });
  }

  it("says through which of several stages it walked", () => {
    const stacks = landscape();
    const stage = find(stacks, "Stage", "v1");
    const outputs = { ...stage.outputs, stageName: "test", deployment: "gone" };
    stacks[0]?.resources.push({ ...stage, urn: `${stage.urn}-test`, id: "ags-test", outputs });
    const proof = prove(stacks);
    assert.equal(proof.targets.find(({ name }) => name === "legacy")?.path, "/v1/legacy");
    assert.ok(proof.notes.includes("API api0000002 is walked through stage v1, not through test."));
  });

  it("does not decide when one of a balancer's nodes does not tell its subnet", () => {
    const stacks = landscape();
    const subnetMappings = [
      { subnetId: "subnet-g1", privateIpv4Address: "10.0.1.10" },
      { subnetId: new Unknown("secret"), privateIpv4Address: "10.0.2.10" },
    ];
    set(stacks, "LoadBalancer", "shared", { subnetMappings });
    assert.equal(verdicts(stacks).cards, "unknown");
  });

  it("asks about a base path that a component claims and nothing serves", () => {
    const stacks = landscape();
    claim(stacks, "loans", "/loans");
    const target = prove(stacks).targets.find(({ name }) => name === "loans");
    assert.equal(target?.verdict, "blocked");
    assert.deepEqual(
      target?.findings.map(({ code }) => code),
      ["API_METHOD_NOT_FOUND"],
    );
  });

  it("takes name and provider from the component that claims a base path, and nothing else", () => {
    const stacks = landscape();
    claim(stacks, "card-service", "/cards");
    const target = prove(stacks).targets.find(({ name }) => name === "card-service");
    assert.deepEqual(
      [target?.provider, target?.path, target?.verdict],
      ["somebody", "/prod/cards", "reachable"],
    );
  });

  it("gives methods to the claim with the longest base path", () => {
    const stacks = landscape();
    claim(stacks, "outer", "/payments");
    claim(stacks, "inner", "/payments/refunds");
    assert.deepEqual(
      { outer: verdicts(stacks).outer, inner: verdicts(stacks).inner },
      { outer: "reachable", inner: "blocked" },
    );
  });

  it("does not decide about claims when the API's document is not told", () => {
    const stacks = landscape();
    claim(stacks, "loans", "/loans");
    set(stacks, "RestApi", "api", { body: new Unknown("secret") });
    assert.equal(verdicts(stacks).loans, "unknown");
  });

  it("does not decide between several groups that an existing service may have, unless all admit", () => {
    const stacks = landscape();
    const group = find(stacks, "SecurityGroup", "sg-cards");
    const open = [{ protocol: "tcp", fromPort: 8443, toPort: 8443, cidrBlocks: ["10.0.0.0/16"] }];
    const second = {
      ...group,
      urn: `${group.urn}-2`,
      id: "sg-cards-2",
      outputs: { ...group.outputs, ingress: [] as unknown[] },
    };
    stacks[2]?.resources.push(second);
    assert.equal(verdicts(stacks).cards, "unknown");
    second.outputs.ingress = open;
    assert.equal(verdicts(stacks).cards, "reachable");
  });
});
