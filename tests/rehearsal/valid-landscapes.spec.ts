import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { rehearseCommand } from "../../cli/rehearse";
import { type Report } from "../../cli/report";
import { BankCopy } from "../bank/bank-copy";

const bankTargets = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];
const reachable = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "reachable"]));

/** Unusual landscapes: what is edited, and every target's verdict. Several oddities share a rehearsal, which takes a second. */
const landscapes: [title: string, edit: (bank: BankCopy) => unknown, verdicts: Record<string, string>][] = [
  [
    "one provider alone, one zone on either side and not the same, a CloudWatch role that a landing zone owns",
    (bank) => {
      bank
        .edit("landscape", (document) => {
          for (let count = 0; count < 3; count++) document.deleteIn(["stacks", 2]);
          document.set("existing", [
            {
              account: "111111111111",
              region: "us-east-1",
              type: "aws:apigateway/account:Account",
              id: "api-gateway-account",
              properties: { cloudwatchRoleArn: "arn:aws:iam::111111111111:role/logs" },
            },
          ]);
        })
        .unset("gateway", "targets")
        .set("gateway", "cloudWatchRole", "external")
        .set("gateway", "network.zones", ["us-east-1b"])
        .set("accounts", "network.create.zones", ["us-east-1c"]);
      for (const name of ["payments", "investments", "cards"]) bank.unset("gateway", `providers.${name}`);
    },
    reachable("accounts"),
  ],
  [
    "links of version 1, a second generation of the balancer, base paths of several segments, two providers in one account",
    (bank) =>
      bank
        .set("gateway", "link", { version: "V1" })
        .set("gateway", "balancers", { main: {}, second: { hostNumber: 30 } })
        .set("gateway", "targets.accounts", { balancer: "second" })
        .set("accounts", "services.accounts.basePath", "/v1/retail/accounts")
        .set("cards", "services.cards.basePath", "/v1/retail/cards")
        .set("accounts", "aws:allowedAccountIds", ["333333333333"]),
    reachable(...bankTargets),
  ],
  [
    "a provider in another region, one in the gateway's own account, targets open to everybody, with a Cognito and with a Lambda authorizer",
    (bank) =>
      bank
        .set("accounts", "aws:region", "eu-west-1")
        .set("accounts", "network.create.zones", ["eu-west-1a", "eu-west-1b"])
        .set("investments", "aws:allowedAccountIds", ["111111111111"])
        .set("gateway", "targets.accounts", { authorizer: "NONE" })
        .set("gateway", "targets.investments", {
          authorizer: "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_abcdef123",
        })
        .set("gateway", "targets.cards", {
          authorizer: "arn:aws:lambda:us-east-1:111111111111:function:card-holders",
        }),
    reachable(...bankTargets),
  ],
  [
    "stacks of a named organization, and a provider without a gateway yet, whose targets alone are blocked",
    (bank) => {
      bank.unset("cards", "gateway").edit("landscape", (document) => document.set("organization", "acme"));
      for (const file of readdirSync(bank.folder).filter((name) => /^(shared|provider)-/.test(name)))
        bank.write(file, readFileSync(bank.path(file), "utf8").replaceAll("organization/", "acme/"));
    },
    { ...reachable(...bankTargets), cards: "blocked", "card-limits": "blocked" },
  ],
  [
    "byte order marks and Windows line ends, merge keys, long forms of keys, a service with a name that every object has",
    (bank) => {
      bank.write(
        "provider-account.accounts-dev.yaml",
        readFileSync(bank.path("provider-account.accounts-dev.yaml"), "utf8")
          .replace("provider-account:name:", "provider-account:config:name:")
          .replace("    accounts:\n", "    constructor:\n      <<: &service { port: 1, scheme: http }\n"),
      );
      for (const file of readdirSync(bank.folder))
        bank.write(file, `\uFEFF${readFileSync(bank.path(file), "utf8").replaceAll("\n", "\r\n")}`);
    },
    reachable("constructor", ...bankTargets.slice(1)),
  ],
];

describe("a valid landscape", () => {
  let bank: BankCopy;
  beforeEach(() => {
    bank = new BankCopy();
  });
  afterEach(() => bank.remove());

  const rehearsed = async (): Promise<Report> =>
    (await rehearseCommand({ landscape: bank.landscape }, () => undefined)).report;

  for (const [title, edit, verdicts] of landscapes) {
    it(`converges: ${title}`, async () => {
      edit(bank);
      const report = await rehearsed();
      assert.equal(report.converged, true);
      assert.deepEqual(
        Object.fromEntries(report.targets.map(({ name, verdict }) => [name, verdict])),
        verdicts,
      );
    });
  }

  it("says at the end which stack still waits and for what", async () => {
    bank.set("gateway", "providers.cards", {}).unset("gateway", "targets.cards");
    const { notes } = await rehearsed();
    assert.ok(
      notes.some((note) => /^shared-services\/dev still waits: provider "cards" has no stack/.test(note)),
    );
    assert.ok(notes.some((note) => note.startsWith("provider-account/cards-dev still waits:")));
  });

  it("converges with twelve providers and fifty targets on two balancers, where AWS has raised a quota", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `unit${index}`);
    const template = readFileSync(bank.path("provider-account.accounts-dev.yaml"), "utf8");
    const targets = Array.from({ length: 50 }, (_, index) => ({ name: `target${index}`, index }));
    names.forEach((name, unit) => {
      const document = parseDocument(template);
      const set = (key: string[], value: unknown) => document.setIn(["config", ...key], value);
      set(["aws:allowedAccountIds"], [String(200000000000 + unit)]);
      set(["provider-account:name"], name);
      set(["provider-account:network", "create", "cidrBlocks"], [`10.${20 + unit}.0.0/20`]);
      const services = targets
        .filter(({ index }) => index % names.length === unit)
        .map((target) => [target.name, { basePath: `/${target.name}`, port: 8000 + target.index }]);
      set(["provider-account:services"], Object.fromEntries(services));
      bank.write(`${name}.yaml`, document.toString());
    });
    const raised = { securityGroupRules: 100 };
    bank
      .edit("landscape", (document) => {
        document.delete("existing");
        document.set("quotas", { "111111111111": raised });
        document.set("stacks", [
          { project: "shared-services", stack: "dev", config: "shared-services.dev.yaml" },
          ...names.map((name) => ({ project: "provider-account", stack: name, config: `${name}.yaml` })),
        ]);
      })
      .set("gateway", "quotas", raised)
      .set("gateway", "balancers", { main: {}, second: { hostNumber: 30 } })
      .set(
        "gateway",
        "providers",
        Object.fromEntries(names.map((name) => [name, { stack: `organization/provider-account/${name}` }])),
      )
      .set(
        "gateway",
        "targets",
        Object.fromEntries(
          targets.map(({ name, index }) => [
            name,
            { balancer: index < 40 ? "main" : "second", listenerPort: 1000 + index },
          ]),
        ),
      );
    const report = await rehearsed();
    assert.equal(report.converged, true);
    assert.equal(report.targets.filter(({ verdict }) => verdict === "reachable").length, 50);
  }).timeout(90_000);
});
