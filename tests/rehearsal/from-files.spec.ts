import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { proveCommand } from "../../cli/prove";
import { rehearseCommand } from "../../cli/rehearse";
import { type Report } from "../../cli/report";
import { type Rehearsal } from "../../rehearsal/rehearse";
import { parseDeployment } from "../../resources/deployment-file";
import { toDeployment } from "../../resources/deployment-writer";
import { BankCopy } from "../bank/bank-copy";
import { refused } from "../landscape/refused";

type Changed = Rehearsal["changed"];

/** Change, stack and logical name, sorted; components and providers left out. */
const told = (changed: Changed | undefined) =>
  (changed ?? [])
    .filter(({ resource }) => /(\$|::)aws:[^$]*$/.test(resource))
    .map(({ change, stack, resource }) => `${change} ${stack} ${resource.split("::").pop() ?? ""}`)
    .sort();

describe("a rehearsal that starts from files", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), "exports "));
  const exported = path.join(folder, "bank");
  let first: Report;
  let copy: BankCopy;

  before(async () => {
    first = (await rehearseCommand({ export: exported }, () => undefined)).report;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    copy = new BankCopy();
  });
  afterEach(() => copy.remove());

  const again = async (): Promise<Report> =>
    (await rehearseCommand({ landscape: copy.landscape, from: exported }, () => undefined)).report;
  const verdictsOf = ({ targets }: Report) =>
    Object.fromEntries(targets.map(({ name, verdict }) => [name, verdict]));
  const verdictsWithout = (...names: string[]) =>
    Object.fromEntries(Object.entries(verdictsOf(first)).filter(([name]) => !names.includes(name)));

  it("writes one deployment file of version 3 for each stack and leaves nothing else", () => {
    const names = ["accounts", "cards", "investments", "payments"].map(
      (name) => `provider-account.${name}-dev.json`,
    );
    assert.deepEqual(readdirSync(exported).sort(), [...names, "shared-services.dev.json"]);
    for (const name of readdirSync(exported)) {
      const text = readFileSync(path.join(exported, name), "utf8");
      assert.equal((JSON.parse(text) as { version: number }).version, 3);
      const parsed = parseDeployment(text, name);
      assert.ok("stack" in parsed);
      assert.deepEqual(JSON.parse(JSON.stringify(toDeployment(parsed.stack))), JSON.parse(text));
    }
  });

  it("is proved from its files exactly as it proved itself", () => {
    const files = readdirSync(exported).map((name) => path.join(exported, name));
    const { report } = proveCommand(files);
    assert.deepEqual(report.targets, first.targets);
    assert.equal(report.converged, null);
  });

  it("leaves what the other side decides unknown, and blocks nothing, when one side's file is there alone", () => {
    const { report } = proveCommand([path.join(exported, "shared-services.dev.json")]);
    assert.equal(report.targets.length, 6);
    for (const { name, verdict } of report.targets) assert.equal(verdict, "unknown", name);
    const without = readdirSync(exported).filter((name) => !name.includes("cards"));
    const { report: partly } = proveCommand(without.map((name) => path.join(exported, name)));
    assert.deepEqual(verdictsOf(partly), {
      ...verdictsOf(first),
      cards: "unknown",
      "card-limits": "unknown",
    });
  });

  it("changes nothing when the configuration is the same", async () => {
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(report.changed, []);
    assert.deepEqual(report.targets, first.targets);
  });

  it("adds exactly a new target's resources, and updates the API alone", async () => {
    copy.set("cards", "services.card-disputes", {
      basePath: "/card-disputes",
      port: 8444,
      existing: [
        {
          address: "10.50.2.25",
          subnetId: "subnet-0ca4d5000000000b2",
          routeTableId: "rtb-0ca4d5000000000a1",
          securityGroupId: "sg-0ca4d5000000000a1",
        },
      ],
    });
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), { ...verdictsOf(first), "card-disputes": "reachable" });
    const changes = told(report.changed);
    assert.deepEqual(
      changes.filter((line) => !line.startsWith("create")),
      ["replace dev gateway-deployment", "update dev gateway-api", "update dev gateway-stage"],
    );
    for (const line of changes.filter((text) => text.startsWith("create")))
      assert.match(
        line,
        /^create dev card-disputes-|^create dev gateway-main-to-10\.50\.2\.25-8444$|^create cards-dev cards-admit-sg-0ca4d5000000000a1-8444-/,
      );
  });

  it("adds a target at an address and port that another target has, and no rule twice", async () => {
    const [address, port] = ["10.50.1.25", 9443];
    copy.set("cards", "services.card-disputes", {
      basePath: "/card-disputes",
      port,
      existing: [{ address }],
    });
    const report = await again();
    assert.equal(report.converged, true);
    const created = told(report.changed).filter((line) => line.startsWith("create"));
    assert.deepEqual(created, [
      `create dev card-disputes-attachment-${address}`,
      "create dev card-disputes-from-link",
      "create dev card-disputes-listener",
      "create dev card-disputes-tg",
    ]);
  });

  it("gives a target another listener port by a new listener and a new rule for the link", async () => {
    copy.set("gateway", "targets.accounts", { listenerPort: 9009 });
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), verdictsOf(first));
    assert.deepEqual(told(report.changed), [
      "replace dev accounts-from-link",
      "replace dev accounts-listener",
      "replace dev gateway-deployment",
      "update dev gateway-api",
      "update dev gateway-stage",
    ]);
  });

  it("deletes exactly a removed target's resources", async () => {
    copy.unset("cards", "services.card-limits");
    const report = await again();
    assert.deepEqual(verdictsOf(report), verdictsWithout("card-limits"));
    for (const line of told(report.changed))
      assert.match(
        line,
        /^(delete dev card-limits-|delete dev gateway-main-to-10\.50\.1\.25-9443$|delete cards-dev cards-admit-sg-0ca4d5000000000a1-9443-|update dev gateway-(api|stage)$|replace dev gateway-deployment$)/,
      );
  });

  it("does not care in which order targets and providers are written", async () => {
    copy.edit("cards", (document) => {
      const place = ["config", "provider-account:services"];
      const services = (document.toJS() as { config: Record<string, Record<string, unknown>> }).config[
        "provider-account:services"
      ];
      document.setIn(place, Object.fromEntries(Object.entries(services ?? {}).reverse()));
    });
    copy.edit("gateway", (document) => {
      const { config } = document.toJS() as { config: Record<string, Record<string, unknown>> };
      const providers = Object.entries(config["shared-services:providers"] ?? {});
      document.setIn(["config", "shared-services:providers"], Object.fromEntries(providers.reverse()));
    });
    assert.deepEqual((await again()).changed, []);
  });

  it("adds a provider without touching the others", async () => {
    copy
      .write(
        "provider-account.loans-dev.yaml",
        readFileSync(copy.path("provider-account.accounts-dev.yaml"), "utf8")
          .replaceAll("accounts", "loans")
          .replaceAll("222222222222", "777777777777")
          .replace("10.20.0.0", "10.70.0.0"),
      )
      .set("gateway", "providers.loans", { stack: "organization/provider-account/loans-dev" })
      .edit("landscape", (document) =>
        document.addIn(["stacks"], {
          project: "provider-account",
          stack: "loans-dev",
          config: "provider-account.loans-dev.yaml",
        }),
      );
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), { ...verdictsOf(first), loans: "reachable" });
    for (const line of told(report.changed))
      assert.match(
        line,
        /^(create loans-dev |create dev (gateway-)?loans-|create dev gateway-main-to-10\.70\.|update dev gateway-(api|stage)$|replace dev gateway-deployment$)/,
      );
  });

  it("removes a provider that leaves on both sides, and leaves the others' resources untouched", async () => {
    copy.unset("cards", "gateway").unset("gateway", "providers.cards").unset("gateway", "targets.cards");
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), verdictsWithout("card-limits", "cards"));
    for (const line of told(report.changed))
      assert.match(
        line,
        /^(delete dev (gateway-)?cards?-|delete dev gateway-main-to-10\.50\.|delete cards-dev |update dev gateway-(api|stage)$|replace dev gateway-deployment$)/,
      );
  });

  it("routes a provider's new block in both accounts and changes nothing else", async () => {
    copy.set("accounts", "network.create.cidrBlocks", ["10.20.0.0/20", "100.64.96.0/20"]);
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), verdictsOf(first));
    const changes = told(report.changed);
    assert.ok(changes.includes("create dev gateway-accounts-route-main-100.64.96.0/20"), changes.join("\n"));
    for (const line of changes) assert.match(line, /^create (accounts-dev |dev gateway-accounts-route)/);
  });

  it("moves a target to a second balancer that is added, and keeps the first", async () => {
    copy
      .set("gateway", "balancers", { main: {}, second: { hostNumber: 30 } })
      .set("gateway", "targets.accounts", { balancer: "second" });
    const report = await again();
    assert.equal(report.converged, true);
    assert.deepEqual(verdictsOf(report), verdictsOf(first));
    const changes = told(report.changed);
    assert.ok(changes.includes("create dev gateway-second-nlb"));
    // The way to its addresses is the only thing that the first balancer loses.
    const left = changes.filter((line) => !/^delete dev gateway-main-to-10\.20\./.test(line));
    assert.deepEqual(
      left.filter((line) =>
        / gateway-main-| (cards|payments|refunds|investments|card-limits)-(tg|listener|attachment)/.test(
          line,
        ),
      ),
      [],
    );
  });

  it("moves all targets from links of version 2 to version 1 and back to rest", async () => {
    copy.set("gateway", "link", { version: "V1" });
    const report = await again();
    assert.equal(
      report.converged,
      true,
      JSON.stringify(
        report.handshake.map((pass) => pass.runs.map((run) => [run.stack, run.refusals, run.stopped])),
      ),
    );
    assert.deepEqual(verdictsOf(report), verdictsOf(first));
    assert.ok(told(report.changed).includes("delete dev gateway-link-v2"));
  });

  it("refuses to replace a balancer's addresses and says to add a second one", async () => {
    copy.set("gateway", "balancers", { main: { hostNumber: 12 } });
    const { problems } = await refused({ landscape: copy.landscape, from: exported });
    assert.equal(problems.length, 1, "one for all zones");
    for (const { where, what, change } of problems) {
      assert.match(where, /shared-services\/dev, shared-services:balancers\.main/);
      assert.match(what, /would be replaced while it carries traffic/);
      assert.match(change, /add a second balancer/);
    }
  });

  describe("with a contract that is wrong", () => {
    const edited = path.join(folder, "edited");
    const file = (name: string) => path.join(edited, name);
    const cards = "provider-account.cards-dev.json";
    beforeEach(() => {
      rmSync(edited, { recursive: true, force: true });
      cpSync(exported, edited, { recursive: true });
    });

    /** Changes the outputs of the stack that a file holds. */
    const outputsIn = (name: string, change: (outputs: Record<string, unknown>) => void) => {
      const document = JSON.parse(readFileSync(file(name), "utf8")) as {
        deployment: { resources: { type: string; outputs: Record<string, unknown> }[] };
      };
      const root = document.deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
      assert.ok(root);
      change(root.outputs);
      writeFileSync(file(name), JSON.stringify(document));
    };
    const contractIn = (outputs: Record<string, unknown>, name: string) =>
      outputs[name] as Record<string, unknown> & { connection: Record<string, unknown> };

    const wrong: [title: string, edit: () => void, where: RegExp, what: RegExp][] = [
      [
        "gone although it was seen",
        () => outputsIn(cards, (outputs) => delete outputs.providerContract),
        /provider "cards".*organization\/provider-account\/cards-dev/,
        /missing now/,
      ],
      ["gone with its whole file", () => rmSync(file(cards)), /provider "cards"/, /missing now/],
      [
        "the gateway's, and gone",
        () => rmSync(file("shared-services.dev.json")),
        /contract of the gateway/,
        /no connection for provider "accounts"/,
      ],
      [
        "of a newer version",
        () => outputsIn(cards, (outputs) => (contractIn(outputs, "providerContract").version = 2)),
        /provider "cards"/,
        /newer version/,
      ],
      [
        "malformed",
        () => outputsIn(cards, (outputs) => (contractIn(outputs, "providerContract").connection.vpcId = 5)),
        /provider "cards".*connection\.vpcId/,
        /malformed/,
      ],
      [
        "lacking a part",
        () =>
          outputsIn(
            "shared-services.dev.json",
            (outputs) => delete contractIn(outputs, "gatewayContract").vpcId,
          ),
        /contract of the gateway, .* of stack organization\/shared-services\/dev, vpcId/,
        /missing/,
      ],
      [
        "secret",
        () =>
          outputsIn(cards, (outputs) => {
            contractIn(outputs, "providerContract").account = {
              "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              ciphertext: "v1:xxxx",
            };
          }),
        /provider "cards"/,
        /secret/,
      ],
      [
        "secret in plain text",
        () =>
          outputsIn(cards, (outputs) => {
            outputs.providerContract = {
              "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              plaintext: JSON.stringify(outputs.providerContract),
            };
          }),
        /provider "cards"/,
        /secret/,
      ],
      [
        "cut off",
        () => writeFileSync(file(cards), readFileSync(file(cards), "utf8").slice(0, 5000)),
        /cards-dev\.json/,
        /truncated/,
      ],
      [
        "another stack's",
        () => cpSync(file("provider-account.accounts-dev.json"), file(cards)),
        /cards-dev\.json/,
        /another stack than its name says/,
      ],
      ["an empty file", () => writeFileSync(file(cards), ""), /cards-dev\.json/, /empty/],
    ];
    for (const [title, edit, where, what] of wrong) {
      it(`stops before any program when one is ${title}`, async () => {
        edit();
        const { problems, ran } = await refused({ from: edited });
        assert.equal(ran, false);
        assert.equal(problems.length, 1, JSON.stringify(problems, null, 1));
        assert.match(problems[0]?.where ?? "", where);
        assert.match(problems[0]?.what ?? "", what);
      });
    }

    it("stops when the folder is missing, or holds nothing of the landscape", async () => {
      for (const from of [path.join(folder, "nowhere"), path.join(__dirname)]) {
        const { problems } = await refused({ from });
        assert.deepEqual(
          problems.map(({ where, value }) => [where, value]),
          [["--from", from]],
        );
      }
    });
  });
});
