import assert from "node:assert/strict";
import { bankWithInterfaces } from "./bank-with-interfaces";
import { SimulatedLandscape, type Told } from "./simulated-landscape";
import { reachablePaths } from "./walk-the-cloud";

const all = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];

/** What the engine did, without what it left: operation, short type and name, sorted. */
function done({ events }: Told): string[] {
  return events
    .flatMap((event) => (event.event === "resource" ? [event] : []))
    .map(({ operation, type, urn }) => `${operation} ${type.split(":").pop()} ${urn.split("::").pop()}`)
    .sort();
}

describe("changes of a deployed landscape under the real engine", function () {
  this.timeout(300_000);
  const bank = bankWithInterfaces();
  let landscape: SimulatedLandscape;
  before(async () => {
    landscape = await SimulatedLandscape.open(bank.landscape);
    assert.equal((await landscape.run("up")).complete, true);
    assert.deepEqual(reachablePaths(landscape.cloud), all);
  });
  after(() => landscape.close());

  /** Updates the landscape and walks every path after every single call that changes AWS. */
  async function update(
    untouched: readonly string[] = all,
    options: Parameters<SimulatedLandscape["run"]>[1] = {},
  ): Promise<Told> {
    const broken: string[] = [];
    let walks = 0;
    landscape.cloud.onChange = ({ operation, type, urn }) => {
      walks += 1;
      const open = reachablePaths(landscape.cloud);
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
    console.log(walks, told.passes, done(told));
    return told;
  }

  it("adds a target: its own resources, the API's document and deployment, and nothing else", async () => {
    bank.set("accounts", "services.ledger", { basePath: "/ledger", port: 8090 });
    await update();
    assert.deepEqual(reachablePaths(landscape.cloud), [...all, "ledger"].sort());
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
    const file = "payments.openapi.yaml";
    const { readFileSync } = await import("node:fs");
    const text = readFileSync(bank.path(file), "utf8");
    bank.write(
      file,
      text.replace(
        "paths:\n",
        'paths:\n  /holidays:\n    get:\n      operationId: holidays\n      responses:\n        "200":\n          description: Days on which nothing is paid\n',
      ),
    );
    await update();
  });

  it("routes a provider's new CIDR block on both sides", async () => {
    bank.set("accounts", "network.create.cidrBlocks", ["10.20.0.0/20", "10.60.0.0/20"]);
    await update();
  });

  it("moves all targets to a second balancer when the first one has gone from the configuration", async () => {
    bank.set("gateway", "balancers", { blue: { hostNumber: 40 } });
    await update();
  });

  it("replaces the V2 link by V1 links: links, API, deployment, stage, and the old link at the end", async () => {
    bank.set("gateway", "link", { version: "V1" });
    await update();
  });

  it("removes a target, and nothing of the others", async () => {
    bank.unset("accounts", "services.ledger");
    await update(all, { allowLoss: ["ledger"] });
  });
});
