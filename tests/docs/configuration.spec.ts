import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Collector } from "../../common/collector";
import { type Problem } from "../../common/problems";
import { readGatewayConfig } from "../../configuration/gateway-config";
import { readProviderConfig } from "../../configuration/provider-config";
import { readLandscape } from "../../landscape/landscape";
import { readSingleOperatorConfig } from "../../single-operator/config";

const page = path.join(__dirname, "..", "..", "docs", "configuration.md");

/** A key that no reader knows; the refusal of it lists the known ones. */
const probe = "zzzzzzzzzz";

type Read = (given: Record<string, unknown>) => Promise<readonly Problem[]>;

/** How a level below a key may be reached, and how the page writes it. */
const levels: { written: (key: string) => string; wrap: (key: string, inner: unknown) => unknown }[] = [
  { written: (key) => key, wrap: (key, inner) => ({ [key]: inner }) },
  { written: (key) => `${key}.NAME`, wrap: (key, inner) => ({ [key]: { some: inner } }) },
  { written: (key) => `${key}.ACCOUNT`, wrap: (key, inner) => ({ [key]: { "111111111111": inner } }) },
  { written: (key) => `${key}[]`, wrap: (key, inner) => ({ [key]: [inner] }) },
];

/** Every key that a reader knows, found by asking it at every level. */
async function discover(read: Read): Promise<string[]> {
  const found = new Set<string>();
  const explore = async (prefix: string, wrap: (inner: unknown) => unknown): Promise<boolean> => {
    const problems = await read(wrap({ [probe]: true }) as Record<string, unknown>);
    const refusal = problems.find(
      (problem) => problem.what === "is not a known configuration key" && problem.value === probe,
    );
    if (refusal === undefined) return false;
    for (const key of refusal.allowed.split(", ")) {
      found.add(prefix + key);
      for (const level of levels) {
        const next = (inner: unknown) => wrap(level.wrap(key, inner));
        if (await explore(`${prefix}${level.written(key)}.`, next)) break;
      }
    }
    return true;
  };
  await explore("", (inner) => inner);
  return [...found].sort();
}

function readerOf(
  namespace: string,
  read: (raw: Record<string, string>, namespace: string, collector: Collector) => unknown,
): Read {
  return (given) => {
    const collector = new Collector();
    const raw = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [`${namespace}:${key}`, JSON.stringify(value)]),
    );
    read(raw, namespace, collector);
    return Promise.resolve(collector.problems);
  };
}

/** The first column of the tables of one section of the page. */
async function documented(section: string): Promise<string[]> {
  const text = await readFile(page, "utf8");
  const body = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  assert.ok(body !== undefined, `the page has no section ${section}`);
  return [...body.matchAll(/^\| `([^`]+)`/gm)].map(([, key = ""]) => key).sort();
}

describe("the configuration reference", () => {
  it("names every key of the gateway's stack, and no other", async () => {
    const known = await discover(readerOf("shared-services", readGatewayConfig));
    assert.ok(known.includes("targets.NAME.ownBalancer.hostNumber"), known.join("\n"));
    assert.deepEqual(await documented("shared-services"), known);
  });

  it("names every key of a provider's stack, and no other", async () => {
    const known = await discover(readerOf("provider-account", readProviderConfig));
    assert.ok(known.includes("services.NAME.existing[].address"), known.join("\n"));
    assert.deepEqual(await documented("provider-account"), known);
  });

  it("names every key that the single-operator stack has of its own", async () => {
    const credentials = ["account", "region", "assumeRoleArn", "profile"];
    const own = ["gateway", "providers.NAME"].flatMap((party) => credentials.map((key) => `${party}.${key}`));
    assert.deepEqual(await documented("single-operator"), ["gateway", "providers", ...own].sort());
    const read = readerOf("single-operator", readSingleOperatorConfig);
    const wrong = Object.fromEntries(credentials.map((key) => [key, false]));
    const problems = await read({ gateway: wrong, providers: { some: wrong } });
    for (const party of ["gateway", "providers.some"]) {
      for (const key of credentials) {
        const where = `single-operator:${party}.${key}`;
        assert.ok(
          problems.some((problem) => problem.where === where),
          `${where} is not read`,
        );
      }
    }
  });

  it("names every key of the landscape file, and no other", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "landscape-"));
    const file = path.join(folder, "landscape.yaml");
    try {
      const known = await discover(async (given) => {
        // JSON is YAML.
        await writeFile(file, JSON.stringify(given));
        return (await readLandscape(file)).problems;
      });
      assert.ok(known.includes("quotas.ACCOUNT.securityGroupRules"), known.join("\n"));
      assert.deepEqual(await documented("Landscape file"), known);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
