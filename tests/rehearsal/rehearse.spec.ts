import assert from "node:assert/strict";
import * as path from "node:path";
import { type Landscape, readLandscape } from "../../landscape/landscape";
import { rehearse, type Rehearsal } from "../../rehearsal/rehearse";
import { BankCopy } from "../bank/bank-copy";

const bankFile = path.resolve(__dirname, "../../examples/bank/landscape.yaml");

async function read(file: string): Promise<Landscape> {
  const { landscape, problems } = await readLandscape(file);
  assert.deepEqual(problems, []);
  assert.ok(landscape);
  return landscape;
}

/** Every resource's id by URN. */
function idsOf({ stacks }: Rehearsal): Record<string, string> {
  const resources = stacks.flatMap((stack) => stack.resources).filter(({ custom }) => custom);
  return Object.fromEntries(resources.map(({ urn, id }) => [urn, id] as const));
}

/** Stack and reason of each look, pass by pass. */
const looksOf = ({ passes }: Rehearsal) =>
  passes.map(({ runs }) => runs.map(({ stack, reason }) => `${stack}: ${reason}`));

describe("the rehearsal of the bank", function () {
  this.timeout(60_000);
  let bank: Rehearsal;
  before(async () => {
    bank = await rehearse(await read(bankFile));
  });

  it("converges in four passes: providers, gateway, providers, and a look at which nothing changes", () => {
    assert.equal(bank.converged, true);
    const providers = ["accounts-dev", "payments-dev", "investments-dev", "cards-dev"];
    assert.deepEqual(looksOf(bank), [
      providers.map((stack) => `${stack}: first look`),
      ["dev: first look"],
      providers.map((stack) => `${stack}: a peer's contract has changed`),
      ["dev: a peer's contract has changed", ...providers.map((stack) => `${stack}: confirming look`)],
    ]);
  });

  it("says who waits for whom in each pass, and for nobody in the end", () => {
    const [first, second, third, last] = bank.passes;
    for (const { waitsFor } of first?.runs ?? []) {
      assert.equal(waitsFor.length, 1);
      assert.match(
        waitsFor[0] ?? "",
        /^the gateway publishes its contract: .*organization\/shared-services\/dev/,
      );
    }
    const accepting = second?.runs[0]?.waitsFor ?? [];
    assert.deepEqual(
      accepting.map((reason) => /^provider "(\w+)" accepts the peering connection/.exec(reason)?.[1]),
      ["accounts", "cards", "investments", "payments"],
    );
    for (const run of [...(third?.runs ?? []), ...(last?.runs ?? [])]) assert.deepEqual(run.waitsFor, []);
  });

  it("changes nothing in the last pass and refuses nothing in any", () => {
    const runs = bank.passes.flatMap((pass) => pass.runs);
    assert.deepEqual(
      runs.flatMap(({ refusals, warnings }) => [...refusals, ...warnings]),
      [],
    );
    for (const { changes } of bank.passes[3]?.runs ?? []) {
      const { create, update, replace, delete: deleted } = changes;
      assert.deepEqual([create, update, replace, deleted], [0, 0, 0, 0]);
    }
  });

  it("never replaces or deletes on the way", () => {
    const changes = bank.passes.flatMap(({ runs }) => runs.map((run) => run.changes));
    assert.equal(
      changes.reduce((sum, change) => sum + change.replace + change.delete, 0),
      0,
    );
  });

  it("puts every resource into the account that its stack names", () => {
    const accounts: Record<string, string> = {
      dev: "111111111111",
      "accounts-dev": "222222222222",
      "payments-dev": "333333333333",
      "investments-dev": "444444444444",
      "cards-dev": "555555555555",
    };
    for (const { stack, resources } of bank.stacks)
      for (const { urn, account } of resources.filter(({ type }) => type.startsWith("aws:")))
        assert.equal(account, accounts[stack], urn);
  });

  it("gives every resource the same id in another run, in whatever order the stacks are listed", async () => {
    const copy = new BankCopy();
    try {
      copy.edit("landscape", (document) => {
        const { stacks } = document.toJS() as { stacks: unknown[] };
        document.set("stacks", [...stacks].reverse());
      });
      const again = await rehearse(await read(copy.landscape));
      assert.deepEqual(idsOf(again), idsOf(bank));
    } finally {
      copy.remove();
    }
  });
});

describe("a rehearsal that cannot go on", function () {
  this.timeout(60_000);
  let copy: BankCopy;
  beforeEach(() => {
    copy = new BankCopy();
  });
  afterEach(() => copy.remove());

  const refusalsOf = ({ passes }: Rehearsal) =>
    passes.flatMap(({ runs }) => runs.flatMap(({ refusals }) => refusals));

  it("ends at a reference to a stack that does not exist, as the engine does", async () => {
    copy.set("gateway", "providers.cards.stack", "organization/provider-account/nowhere");
    const rehearsal = await rehearse(await read(copy.landscape));
    assert.equal(rehearsal.converged, false);
    const refusals = refusalsOf(rehearsal);
    assert.equal(refusals.length, 1);
    assert.equal(refusals[0]?.message, 'unknown stack "organization/provider-account/nowhere"');
    assert.match(refusals[0]?.resource ?? "", /StackReference organization\/provider-account\/nowhere/);
    const gateway = rehearsal.stacks.find(({ stack }) => stack === "dev");
    assert.deepEqual(
      gateway?.resources.filter(({ type }) => type.startsWith("aws:")),
      [],
    );
  });

  it("ends at what AWS refuses, with the resource and AWS's code, and deletes nothing", async () => {
    const landscape = await read(copy.landscape);
    const before = await rehearse(landscape);
    copy
      .set("cards", ["services", "cards", "existing", 0, "securityGroupId"], "sg-0ca4d500000000000")
      .unset("cards", "services.card-limits");
    const rehearsal = await rehearse(await read(copy.landscape), before.stacks);
    assert.equal(rehearsal.converged, false);
    const refusals = refusalsOf(rehearsal);
    assert.deepEqual([...new Set(refusals.map(({ code }) => code))], ["InvalidGroup.NotFound"]);
    assert.match(refusals[0]?.resource ?? "", /securityGroup:SecurityGroup .*sg-0ca4d500000000000/);
    assert.deepEqual(
      rehearsal.changed.filter(({ change }) => change === "delete"),
      [],
    );
  });

  it("ends at a default provider that is disabled, although the program itself never comes back", async () => {
    copy.set("accounts", "pulumi:disable-default-providers", ["aws"]);
    const rehearsal = await rehearse(await read(copy.landscape));
    assert.equal(rehearsal.converged, false);
    assert.match(
      refusalsOf(rehearsal)[0]?.message ?? "",
      /Default provider for 'aws' disabled in stack organization\/provider-account\/accounts-dev/,
    );
  });

  it("ends at a program that stops by itself, with what it says", async () => {
    copy.set("accounts", "services.accounts.port", 0);
    const rehearsal = await rehearse(await read(copy.landscape));
    assert.equal(rehearsal.converged, false);
    const [stopped] = rehearsal.passes.flatMap(({ runs }) => runs.filter((run) => run.stopped !== undefined));
    assert.equal(stopped?.stack, "accounts-dev");
    assert.match(stopped?.stopped ?? "", /services\.accounts\.port/);
    assert.equal(rehearsal.passes.length, 1);
  });
});
