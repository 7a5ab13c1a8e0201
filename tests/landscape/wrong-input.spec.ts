import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { BankCopy } from "../bank/bank-copy";
import { accounts, cards, gateway, investments, network, payments, roles, targets } from "./mistakes";
import { refused } from "./refused";
import { unreadable } from "./unreadable-files";

/** Unknown keys: where it is put, the wrong key, and the known one that the message must offer. */
const unknownKeys: [file: string, party: "gateway" | "accounts", key: string, meant: string][] = [
  [accounts, "accounts", "netwrok", "network"],
  [accounts, "accounts", "services.accounts.basepath", "basePath"],
  [accounts, "accounts", "services.accounts.healthCheck.pth", "path"],
  [gateway, "gateway", "providrs", "providers"],
  [gateway, "gateway", "api.throtling", "throttling"],
  [gateway, "gateway", "targets.cards.timeoutMillisecond", "timeoutMilliseconds"],
  [gateway, "gateway", "quotas.securityGroupRule", "securityGroupRules"],
  [accounts, "accounts", "provider-acount:name", "provider-account:name"],
  [accounts, "accounts", "aws:regoin", "aws:region"],
];

describe("wrong input", () => {
  let bank: BankCopy;
  beforeEach(() => {
    bank = new BankCopy();
  });
  afterEach(() => bank.remove());

  for (const [title, edit, file, key, what, value] of [...network, ...targets, ...roles, ...unreadable]) {
    it(`${title} is refused before any program runs, with one message that says all`, async () => {
      edit(bank);
      const { problems, ran } = await refused({ landscape: bank.landscape });
      assert.equal(ran, false);
      assert.deepEqual(problems.slice(1), []);
      const [problem] = problems;
      assert.ok(problem);
      assert.ok(problem.where.includes(bank.path(file)), `${problem.where} names ${file}`);
      assert.ok(problem.where.includes(key), `${problem.where} names ${key}`);
      assert.match(problem.what, what);
      if (value !== undefined) assert.match(problem.value ?? "", value);
      assert.notEqual(problem.allowed, "");
      assert.notEqual(problem.change, "");
    });
  }

  for (const [file, party, key, meant] of unknownKeys) {
    it(`the unknown key ${key} is refused and ${meant} offered`, async () => {
      bank.set(party, key, "something");
      const { problems } = await refused({ landscape: bank.landscape });
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.match(problems[0]?.what ?? "", /not a known configuration key/);
      assert.ok(problems[0]?.where.startsWith(bank.path(file)));
      assert.ok(problems[0]?.where.includes(key));
      assert.ok(problems[0]?.change.includes(`"${meant}"`), problems[0]?.change);
    });
  }

  it("all mistakes of all files are told in one run", async () => {
    bank
      .set("accounts", "services.accounts.port", 0)
      .set("payments", "network.create.cidrBlocks", ["10.0.0.0/20"])
      .set("investments", "network.create.zones", ["us-east-2a"])
      .set("gateway", "linkk", {})
      .unset("cards", "services.cards.serverName")
      .edit("landscape", (document) =>
        document.setIn(["existing", 0, "properties", "cidrBlock"], "10.50.0.0/8"),
      );
    rmSync(bank.path("payments.openapi.yaml"));
    const { problems, ran } = await refused({ landscape: bank.landscape });
    assert.equal(ran, false);
    const wanted = [
      [accounts, "services.accounts.port"],
      [payments, "network.create.cidrBlocks[0]"],
      [payments, "services.payments.openApi"],
      [investments, "network.create.zones[0]"],
      [gateway, "shared-services:linkk"],
      [cards, "services.cards.serverName"],
      ["landscape.yaml", "existing[0]"],
    ] as const;
    for (const [file, key] of wanted) {
      const told = problems.filter(({ where }) => where.includes(bank.path(file)) && where.includes(key));
      assert.equal(told.length, 1, `${file} ${key} once in:\n${problems.map((p) => p.where).join("\n")}`);
    }
  });

  it("mistakes of the landscape file do not hide those of its configuration files, and have no echoes", async () => {
    bank
      .set("accounts", "services.accounts.port", 0)
      .set("investments", "network.create.cidrBlocks", ["10.30.0.0/20"])
      .edit("landscape", (document) => {
        document.setIn(["existing", 0, "account"], 555555555555);
        document.setIn(["stacks", 4, "stack"], "cards/dev");
        document.setIn(["nam"], "bank");
      });
    const { problems, ran } = await refused({ landscape: bank.landscape });
    assert.equal(ran, false);
    assert.deepEqual(problems.map(({ where }) => path.basename(where)).sort(), [
      "landscape.yaml.existing[0].account",
      "landscape.yaml.nam",
      "landscape.yaml.stacks[4].stack",
      `${accounts}, provider-account:services.accounts.port`,
      `${investments}, provider-account:demonstration.cidrBlock`,
      `${investments}, provider-account:network.create.cidrBlocks[0]`,
    ]);
  });

  it("a mistake in a network does not hide that its blocks overlap", async () => {
    bank
      .set("accounts", "network.create", {
        cidrBlocks: ["10.20.0.1/20", "10.30.0.0/20"],
        zones: ["us-east-1a"],
      })
      .set("cards", "network.adopt.vpcId", "vpc-")
      .set("cards", "network.adopt.cidrBlocks", ["10.50.0.0/20", "10.0.0.0/20"])
      .set("gateway", "network.zones", ["us-east-2a"]);
    const { problems } = await refused({ landscape: bank.landscape });
    assert.deepEqual(problems.map(({ where }) => path.basename(where)).sort(), [
      `${accounts}, provider-account:network.create.cidrBlocks[0]`,
      `${cards}, provider-account:network.adopt.cidrBlocks[1]`,
      `${cards}, provider-account:network.adopt.vpcId`,
      `${payments}, provider-account:network.create.cidrBlocks[0]`,
      `${gateway}, shared-services:network.zones[0]`,
    ]);
  });
});
