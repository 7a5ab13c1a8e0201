import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Document, parseDocument } from "yaml";

const bank = path.resolve(__dirname, "../../examples/bank");

/** The configuration files of the bank, by the party whose they are. */
const files = {
  landscape: "landscape.yaml",
  gateway: "shared-services.dev.yaml",
  accounts: "provider-account.accounts-dev.yaml",
  payments: "provider-account.payments-dev.yaml",
  investments: "provider-account.investments-dev.yaml",
  cards: "provider-account.cards-dev.yaml",
} as const;

type Party = keyof typeof files;

/** A copy of the bank in a folder of its own, to be edited and thrown away. */
export class BankCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), "bank "));

  constructor() {
    cpSync(bank, this.folder, { recursive: true });
  }

  /** The landscape file. */
  get landscape(): string {
    return this.path(files.landscape);
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  /** Edits one YAML file as a document, comments and order kept. */
  edit(party: Party, change: (document: Document) => void): this {
    const file = this.path(files[party]);
    const document = parseDocument(readFileSync(file, "utf8"));
    change(document);
    writeFileSync(file, document.toString());
    return this;
  }

  /** Sets one configuration value; `key` without the project, such as `network.cidrBlocks`. */
  set(party: Exclude<Party, "landscape">, key: string | (string | number)[], value: unknown): this {
    return this.edit(party, (document) => document.setIn(keyPath(party, key), value));
  }

  /** Removes one configuration value. */
  unset(party: Exclude<Party, "landscape">, key: string | (string | number)[]): this {
    return this.edit(party, (document) => document.deleteIn(keyPath(party, key)));
  }

  write(name: string, text: string | Uint8Array): this {
    writeFileSync(this.path(name), text);
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function keyPath(party: Party, key: string | (string | number)[]): (string | number)[] {
  const project = party === "gateway" ? "shared-services" : "provider-account";
  const [first = "", ...rest] = typeof key === "string" ? key.split(".") : key;
  const top = String(first);
  return ["config", top.includes(":") ? top : `${project}:${top}`, ...rest];
}
