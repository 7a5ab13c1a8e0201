import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bankWithInterfaces } from "./bank-with-interfaces";
import { SimulatedLandscape, type Told } from "./simulated-landscape";
import { CloudWalker } from "./walk-the-cloud";

const all = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];

/** What the engine did, without what it left: operation, short type and name, sorted. */
function done({ events }: Told): string[] {
  return events
    .flatMap((event) => (event.event === "resource" && event.type.startsWith("aws:") ? [event] : []))
    .map(({ operation, type, urn }) => `${operation} ${type.split(":").pop()} ${urn.split("::").pop()}`)
    .sort();
}

describe("changes of a deployed landscape under the real engine", function () {
  this.timeout(300_000);
  const bank = bankWithInterfaces();
  let landscape: SimulatedLandscape;
  let walker: CloudWalker;
  before(async () => {
    landscape = await SimulatedLandscape.open(bank.landscape);
    assert.equal((await landscape.run("up")).complete, true);
    walker = new CloudWalker(landscape.cloud);
    assert.deepEqual(walker.reachable(), all);
  });
  after(() => landscape.close());

  /** Updates the landscape and walks every path after every single call that changes AWS. */
  async function update(
    untouched: readonly string[] = all,
    options: Parameters<SimulatedLandscape["run"]>[1] = {},
  ): Promise<Told> {
    const broken: string[] = [];
    landscape.cloud.onChange = ({ operation, type, urn }) => {
      const open = walker.reachable();
      for (const path of untouched.filter((each) => !open.includes(each)))
        broken.push(`${path} after ${operation} ${type} ${urn.split("::").pop()}`);
    };
    const told = await landscape.run("up", options);
    landscape.cloud.onChange = () => undefined;
    assert.deepEqual(told.problems, []);
    assert.deepEqual(
      told.results.flatMap(({ errors }) => errors),
      [],
    );
    assert.equal(told.complete, true);
    assert.deepEqual(broken, []);
    assert.deepEqual(await landscape.orphans(), []);
    assert.deepEqual(await landscape.ghosts(), []);
    return told;
  }

  it("adds a target: its own resources, the API's document and deployment, and nothing else", async () => {
    bank.set("cards", "services.ledger", {
      basePath: "/ledger",
      port: 9553,
      existing: [
        {
          address: "10.50.1.25",
          subnetId: "subnet-0ca4d5000000000a1",
          routeTableId: "rtb-0ca4d5000000000a1",
          securityGroupId: "sg-0ca4d5000000000a1",
        },
      ],
    });
    const told = await update();
    assert.deepEqual(
      done(told).filter((line) => !/ledger|9553/.test(line)),
      [
        "delete Deployment gateway-deployment",
        "replace Deployment gateway-deployment",
        "update RestApi gateway-api",
        "update Stage gateway-stage",
      ],
    );
    assert.deepEqual(walker.reachable(), [...all, "ledger"].sort());
  });

  it("changes nothing when targets and providers change places", async () => {
    bank.edit("gateway", (document) => {
      const key = ["config", "shared-services:providers"];
      const { accounts, ...others } = (document.toJS() as { config: Record<string, Record<string, unknown>> })
        .config["shared-services:providers"] as Record<string, unknown>;
      document.setIn(key, { ...others, accounts });
    });
    bank.edit("landscape", (document) => {
      const { stacks } = document.toJS() as { stacks: unknown[] };
      document.set("stacks", stacks.reverse());
    });
    assert.deepEqual(done(await update()), []);
  });

  it("redeploys the API for a changed OpenAPI document, and touches no target", async () => {
    const text = readFileSync(bank.path("payments.openapi.yaml"), "utf8");
    const holidays =
      'paths:\n  /holidays:\n    get:\n      responses:\n        "200":\n          description: No payments\n';
    bank.write("payments.openapi.yaml", text.replace("paths:\n", holidays));
    assert.deepEqual(done(await update()), [
      "delete Deployment gateway-deployment",
      "replace Deployment gateway-deployment",
      "update RestApi gateway-api",
      "update Stage gateway-stage",
    ]);
  });

  it("routes a provider's new CIDR block on both sides", async () => {
    bank.set("accounts", "network.create.cidrBlocks", ["10.20.0.0/20", "10.60.0.0/20"]);
    assert.deepEqual(
      done(await update()).filter((line) => line.startsWith("create")),
      [
        "create Route gateway-accounts-route-main-10.60.0.0/20",
        "create RouteTableAssociation accounts-10.60.0.0/20-us-east-1a-routes",
        "create RouteTableAssociation accounts-10.60.0.0/20-us-east-1b-routes",
        "create Subnet accounts-10.60.0.0/20-us-east-1a",
        "create Subnet accounts-10.60.0.0/20-us-east-1b",
        "create VpcIpv4CidrBlockAssociation accounts-block-10.60.0.0/20",
      ],
    );
  });

  it("moves all targets to a second balancer when the first one has gone from the configuration", async () => {
    bank.set("gateway", "balancers", { blue: { hostNumber: 40 } });
    const lines = done(await update());
    assert.ok(lines.includes("create LoadBalancer gateway-blue-nlb"), lines.join("\n"));
    assert.ok(lines.includes("delete LoadBalancer gateway-main-nlb"), lines.join("\n"));
  });

  it("replaces the V2 link by V1 links: links, API, deployment, stage, and the old link at the end", async () => {
    bank.set("gateway", "link", { version: "V1" });
    const { events } = await update();
    const order = events.flatMap((event) =>
      event.event === "resource" && /^aws:.*:(VpcLink|RestApi|Deployment|Stage)$/.test(event.type)
        ? [`${event.operation} ${event.type}`]
        : [],
    );
    assert.deepEqual(order, [
      "create aws:apigateway/vpcLink:VpcLink",
      "create aws:apigateway/vpcLink:VpcLink",
      "update aws:apigateway/restApi:RestApi",
      "replace aws:apigateway/deployment:Deployment",
      "update aws:apigateway/stage:Stage",
      "delete aws:apigateway/deployment:Deployment",
      "delete aws:apigatewayv2/vpcLink:VpcLink",
    ]);
  });

  it("removes a target, and nothing of the others", async () => {
    bank.unset("cards", "services.ledger");
    await update(all, { allowLoss: ["ledger"] });
  });
});
