import { mkdirSync, rmSync } from "node:fs";
import { accounts, cards, gateway, type Mistake, payments, textOf } from "./mistakes";

/** Files that are missing, of another kind, or hold something else than they should. */
export const unreadable: Mistake[] = [
  ["a missing landscape", (bank) => rmSync(bank.landscape), "landscape.yaml", "", /ENOENT/],
  [
    "a folder in place of the landscape",
    (bank) => {
      rmSync(bank.landscape);
      mkdirSync(bank.landscape);
    },
    "landscape.yaml",
    "",
    /EISDIR/,
  ],
  [
    "a landscape of bytes",
    (bank) => bank.write("landscape.yaml", Buffer.from([0, 1, 2, 255, 254, 0, 13, 7])),
    "landscape.yaml",
    "",
    /wrong value/,
  ],
  [
    "a landscape that is not YAML",
    (bank) => bank.write("landscape.yaml", "name: bank\nstacks: [\n"),
    "landscape.yaml:3",
    "",
    /not valid YAML/,
  ],
  [
    "a key that stands twice",
    (bank) => bank.write("landscape.yaml", `${textOf(bank, "landscape.yaml")}\nname: other\n`),
    "landscape.yaml",
    "",
    /keys must be unique/,
  ],
  [
    "an alias of nothing",
    (bank) => bank.write("landscape.yaml", "name: *nobody\nstacks: []\n"),
    "landscape.yaml",
    "",
    /alias/,
  ],
  [
    "aliases that grow beyond all bounds",
    (bank) =>
      bank.write(
        "landscape.yaml",
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nname: [*c,*c,*c]\n",
      ),
    "landscape.yaml",
    "",
    /alias/,
  ],
  [
    "an anchor that contains itself",
    (bank) => bank.write(accounts, `${textOf(bank, accounts)}\n    loop: &loop\n      again: *loop\n`),
    accounts,
    "",
    /an anchor contains itself/,
  ],
  [
    "two YAML documents in one file",
    (bank) => bank.write("landscape.yaml", "name: a\n---\nname: b\n"),
    "landscape.yaml",
    "",
    /not valid YAML/,
  ],
  [
    "a project that is none, although every object has such a key",
    (bank) => bank.edit("landscape", (document) => document.setIn(["stacks", 0, "project"], "constructor")),
    "landscape.yaml",
    "stacks[0].project",
    /not a project/,
    /constructor/,
  ],
  ["a missing stack configuration", (bank) => rmSync(bank.path(cards)), cards, "", /ENOENT/],
  ["the gateway's missing configuration", (bank) => rmSync(bank.path(gateway)), gateway, "", /ENOENT/],
  ["an empty stack configuration", (bank) => bank.write(cards, ""), cards, "", /has no config/],
  [
    "a stack configuration that is a list",
    (bank) => bank.write(cards, "config: [a]\n"),
    cards,
    "",
    /config that is not a map/,
    /\["a"\]/,
  ],
  [
    "a secret in the configuration",
    (bank) => bank.set("accounts", "name", { secure: "AAA" }),
    accounts,
    "provider-account:name",
    /secret/,
  ],
  [
    "a missing OpenAPI document",
    (bank) => rmSync(bank.path("payments.openapi.yaml")),
    payments,
    "services.payments.openApi",
    /ENOENT/,
    /payments\.openapi\.yaml/,
  ],
  [
    "an OpenAPI document that is a folder",
    (bank) => {
      rmSync(bank.path("payments.openapi.yaml"));
      mkdirSync(bank.path("payments.openapi.yaml"));
    },
    payments,
    "services.payments.openApi",
    /EISDIR/,
  ],
  [
    "an invalid OpenAPI document",
    (bank) => bank.write("payments.openapi.yaml", "openapi: 3.0.3\ninfo: {}\n"),
    payments,
    "payments.openapi.yaml",
    /not valid/,
  ],
  [
    "an OpenAPI document that is a word",
    (bank) => bank.write("payments.openapi.yaml", "hello"),
    payments,
    "payments.openapi.yaml",
    /no OpenAPI document/,
  ],
  [
    "an existing resource of a type that nobody knows",
    (bank) =>
      bank.edit("landscape", (document) => document.setIn(["existing", 0, "type"], "aws:ec2/vpcc:Vpc")),
    "landscape.yaml",
    "existing[0]",
    /not simulated/,
    /aws:ec2\/vpcc:Vpc/,
  ],
  [
    "an existing subnet outside of its VPC",
    (bank) =>
      bank.edit("landscape", (document) =>
        document.setIn(["existing", 2, "properties", "cidrBlock"], "10.51.0.0/24"),
      ),
    "landscape.yaml",
    "existing[2]",
    /AWS would not have it/,
  ],
];
