import { readFileSync } from "node:fs";
import { type Document } from "yaml";
import { type BankCopy } from "../bank/bank-copy";

/** One mistake: what is edited, and the file, key, words and value that the one message must have. */
export type Mistake = [
  title: string,
  edit: (bank: BankCopy) => unknown,
  file: string,
  key: string,
  what: RegExp,
  value?: RegExp,
];

export const accounts = "provider-account.accounts-dev.yaml";
export const cards = "provider-account.cards-dev.yaml";
export const payments = "provider-account.payments-dev.yaml";
export const investments = "provider-account.investments-dev.yaml";
export const gateway = "shared-services.dev.yaml";

const addStack = (project: string, stack: string, config: string) => (document: Document) =>
  document.addIn(["stacks"], { project, stack, config });

export const textOf = (bank: BankCopy, file: string) => readFileSync(bank.path(file), "utf8");

export const network: Mistake[] = [
  [
    "a provider's block that overlaps the gateway's",
    (bank) => bank.set("accounts", "network.create.cidrBlocks", ["10.0.0.0/20"]),
    accounts,
    "network.create.cidrBlocks[0]",
    /overlaps 10\.0\.0\.0\/20 of the gateway/,
    /provider accounts/,
  ],
  [
    "two providers' blocks that overlap",
    (bank) => bank.set("accounts", "network.create.cidrBlocks", ["10.30.8.0/21"]),
    payments,
    "network.create.cidrBlocks[0]",
    /overlaps 10\.30\.8\.0\/21 of provider accounts/,
    /10\.30\.0\.0\/20/,
  ],
  [
    "two providers' second blocks that overlap",
    (bank) => bank.set("accounts", "network.create.cidrBlocks", ["10.20.0.0/20", "100.64.16.0/24"]),
    investments,
    "network.create.cidrBlocks[1]",
    /overlaps 100\.64\.16\.0\/24 of provider accounts/,
  ],
  [
    "the gateway's second block that overlaps an adopted VPC",
    (bank) => bank.set("gateway", "network.cidrBlocks", ["10.0.0.0/20", "10.50.15.0/24"]),
    cards,
    "network.adopt.cidrBlocks[0]",
    /overlaps 10\.50\.15\.0\/24 of the gateway/,
  ],
  [
    "a block that overlaps the gateway's, of a provider that the gateway does not name yet",
    (bank) =>
      bank
        .unset("gateway", "providers.accounts")
        .set("accounts", "network.create.cidrBlocks", ["10.0.8.0/21"]),
    accounts,
    "network.create.cidrBlocks[0]",
    /overlaps 10\.0\.0\.0\/20 of the gateway/,
  ],
  [
    "host bits in a provider's block",
    (bank) => bank.set("accounts", "network.create.cidrBlocks", ["10.20.0.1/20"]),
    accounts,
    "network.create.cidrBlocks[0]",
    /host bits/,
    /10\.20\.0\.1\/20/,
  ],
  [
    "host bits in the gateway's block",
    (bank) => bank.set("gateway", "network.cidrBlocks", ["10.0.0.1/20"]),
    gateway,
    "network.cidrBlocks[0]",
    /host bits/,
    /10\.0\.0\.1\/20/,
  ],
  [
    "a provider's block that is too small for its zones",
    (bank) => bank.set("payments", "network.create.cidrBlocks", ["10.30.0.0/28"]),
    payments,
    "network.create.cidrBlocks[0]",
    /too small/,
    /10\.30\.0\.0\/28/,
  ],
  [
    "the gateway's block that is too small for its zones",
    (bank) => bank.set("gateway", "network.cidrBlocks", ["10.0.0.0/27"]),
    gateway,
    "network.cidrBlocks[0]",
    /too small/,
    /10\.0\.0\.0\/27/,
  ],
  [
    "a zone of another region",
    (bank) => bank.set("accounts", "network.create.zones", ["us-east-1a", "eu-west-1b"]),
    accounts,
    "network.create.zones[1]",
    /not a zone of us-east-1/,
    /eu-west-1b/,
  ],
  [
    "a zone without its letter",
    (bank) => bank.set("gateway", "network.zones", ["us-east-1a", "us-east-1"]),
    gateway,
    "network.zones[1]",
    /not a zone of us-east-1/,
  ],
  [
    "a public address",
    (bank) => bank.set("cards", ["services", "cards", "existing", 0, "address"], "8.8.8.8"),
    cards,
    "services.cards.existing[0].address",
    /public address/,
    /8\.8\.8\.8/,
  ],
  [
    "an address outside of the provider's blocks",
    (bank) => bank.set("cards", ["services", "cards", "existing", 0, "address"], "10.51.0.1"),
    cards,
    "services.cards.existing[0].address",
    /outside of the provider's VPC/,
    /10\.51\.0\.1/,
  ],
];

export const targets: Mistake[] = [
  [
    "a target name that two providers have",
    (bank) =>
      bank.edit("accounts", (document) => {
        const services = ["config", "provider-account:services"];
        document.setIn([...services, "cards"], document.getIn([...services, "accounts"]));
        document.deleteIn([...services, "accounts"]);
      }),
    cards,
    "services.cards",
    /name of a target of provider "accounts"/,
    /cards/,
  ],
  [
    "a base path that two targets have",
    (bank) => bank.set("accounts", "services.accounts.basePath", "/cards"),
    accounts,
    "services.accounts.basePath",
    /same base path/,
    /\/cards/,
  ],
  [
    "a base path that callers resolve to another one",
    (bank) => bank.set("accounts", "services.accounts.basePath", "/accounts/.."),
    accounts,
    "services.accounts.basePath",
    /not a base path/,
    /\/accounts\/\.\./,
  ],
  [
    "a base path that another one swallows",
    (bank) => bank.set("cards", "services.cards.basePath", "/accounts/cards"),
    accounts,
    "services.accounts.basePath",
    /takes every path below \/accounts/,
    /\/accounts\/cards/,
  ],
  [
    "a base path in the paths that another service's document describes",
    (bank) => bank.set("accounts", "services.accounts.basePath", "/payments/transfers"),
    accounts,
    "services.accounts.basePath",
    /target payments has GET \/transfers there/,
    /\/payments\/transfers/,
  ],
  [
    "a port out of range",
    (bank) => bank.set("accounts", "services.accounts.port", 70000),
    accounts,
    "services.accounts.port",
    /out of range/,
    /70000/,
  ],
  [
    "a port of a size that no computer has",
    (bank) => bank.set("accounts", "services.accounts.port", 1e300),
    accounts,
    "services.accounts.port",
    /out of range/,
  ],
  [
    "a port that is a word",
    (bank) => bank.set("accounts", "services.accounts.port", "http"),
    accounts,
    "services.accounts.port",
    /wrong value/,
    /http/,
  ],
  [
    "one port for two services behind one load balancer",
    (bank) => bank.set("payments", "services.refunds.port", 8080),
    payments,
    "services.refunds.port",
    /port of service "payments"/,
    /8080/,
  ],
  [
    "listener ports that collide",
    (bank) =>
      bank
        .set("gateway", "targets.cards.listenerPort", 4000)
        .set("gateway", "targets.accounts", { listenerPort: 4000 }),
    gateway,
    "shared-services:targets.cards.listenerPort",
    /listener port of target "accounts"/,
    /4000/,
  ],
  [
    "https without a server name",
    (bank) => bank.unset("cards", "services.cards.serverName"),
    cards,
    "services.cards.serverName",
    /is missing/,
  ],
  [
    "settings for a target that nobody offers",
    (bank) => bank.set("gateway", "targets.refund", { listenerPort: 4000 }),
    gateway,
    "targets.refund",
    /no provider offers/,
    /refund/,
  ],
];

export const roles: Mistake[] = [
  [
    "a malformed account id",
    (bank) => bank.set("accounts", "aws:allowedAccountIds", ["12345"]),
    accounts,
    "aws:allowedAccountIds[0]",
    /not an AWS account id/,
    /12345/,
  ],
  [
    "an account id that lost its leading zero because it is not quoted",
    (bank) => bank.write(accounts, textOf(bank, accounts).replace('"222222222222"', "012345678901")),
    accounts,
    "aws:allowedAccountIds[0]",
    /not an AWS account id/,
  ],
  [
    "an account id in a list of its own",
    (bank) => bank.set("accounts", "aws:allowedAccountIds", [["222222222222"]]),
    accounts,
    "aws:allowedAccountIds[0]",
    /wrong value/,
    /\["222222222222"\]/,
  ],
  [
    "two accounts for one stack",
    (bank) => bank.set("accounts", "aws:allowedAccountIds", ["222222222222", "777777777777"]),
    accounts,
    "aws:allowedAccountIds",
    /exactly one account/,
    /777777777777/,
  ],
  [
    "a misspelt region, with the one that is meant and nothing about its zones",
    (bank) => bank.set("accounts", "aws:region", "us-esat-1"),
    accounts,
    "aws:region",
    /not an AWS region/,
    /us-esat-1/,
  ],
  [
    "a region that is none",
    (bank) => bank.set("accounts", "aws:region", "us-east"),
    accounts,
    "aws:region",
    /not an AWS region/,
    /us-east/,
  ],
  [
    "two gateways",
    (bank) =>
      bank
        .write("two.yaml", textOf(bank, gateway))
        .edit("landscape", addStack("shared-services", "two", "two.yaml")),
    "landscape.yaml",
    "stacks",
    /more than one gateway stack/,
    /shared-services\/dev, shared-services\/two/,
  ],
  [
    "no gateway",
    (bank) => bank.edit("landscape", (document) => document.deleteIn(["stacks", 0])),
    "landscape.yaml",
    "stacks",
    /no gateway stack/,
  ],
  [
    "two stacks that claim one provider's name",
    (bank) => bank.set("accounts", "name", "payments"),
    payments,
    "provider-account:name",
    /provider that stack provider-account\/accounts-dev is/,
    /payments/,
  ],
  [
    "the same stack twice",
    (bank) => bank.edit("landscape", addStack("provider-account", "cards-dev", cards)),
    "landscape.yaml",
    "stacks[5]",
    /same stack as stacks\[4\]/,
    /provider-account\/cards-dev/,
  ],
  [
    "a gateway's reference to a stack that is not in the landscape",
    (bank) => bank.set("gateway", "providers.cards.stack", "organization/provider-account/card-dev"),
    gateway,
    "providers.cards.stack",
    /unknown stack/,
    /organization\/provider-account\/card-dev/,
  ],
  [
    "a provider's reference to a stack that is not in the landscape",
    (bank) => bank.set("cards", "gateway.stack", "organization/shared-services/prod"),
    cards,
    "gateway.stack",
    /unknown stack/,
    /organization\/shared-services\/prod/,
  ],
  [
    "a reference with another organization than the landscape's",
    (bank) => bank.set("cards", "gateway.stack", "lake-bank/shared-services/dev"),
    cards,
    "gateway.stack",
    /another organization than the landscape file/,
    /lake-bank\/shared-services\/dev/,
  ],
  [
    "a gateway that gives a provider another name than its stack",
    (bank) =>
      bank
        .set("gateway", "providers.card", { stack: "organization/provider-account/cards-dev" })
        .unset("gateway", "providers.cards"),
    gateway,
    "providers.card.stack",
    /stack of provider "cards"/,
  ],
];
