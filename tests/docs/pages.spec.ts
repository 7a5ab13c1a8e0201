import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { checkLandscape } from "../../landscape/check-landscape";
import { readLandscape } from "../../landscape/landscape";
import { prove } from "../../proof/prove";
import { behaviours } from "../../rehearsal/aws/behaviours";
import { rehearse } from "../../rehearsal/rehearse";
import { codeBlocks, pages, readPage, repository } from "./code-blocks";

/** Upper-case words of the walk that are AWS's and not codes of findings. */
const otherWords = ["API_KEY", "AWS_IAM", "COGNITO_USER_POOLS", "TCP_UDP", "TCP_QUIC", "VPC_LINK"];

function codesInSource(): string[] {
  const walk = path.join(repository, "proof", "walk");
  const files = [
    ...readdirSync(walk).map((file) => path.join(walk, file)),
    path.join(walk, "..", "prove.ts"),
  ];
  const words = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:"(?=[A-Z0-9]+_)|\bcode: ")([A-Z][A-Z0-9_]*)"/g)].map(
      ([, word = ""]) => word,
    ),
  );
  return [...new Set(words)].filter((word) => !otherWords.includes(word)).sort();
}

/** What becomes of a landscape whose files are those of the README, each named in its first line, and one more. */
async function rehearsed(landscapeFile: string, extra?: string): Promise<unknown> {
  const folder = await mkdtemp(path.join(tmpdir(), "readme-"));
  try {
    for (const { text } of codeBlocks("README.md", "yaml")) {
      const [, file] = /^# (\S+\.yaml)\n/.exec(text) ?? [];
      if (file !== undefined) await writeFile(path.join(folder, file), text);
    }
    const file = path.join(folder, landscapeFile);
    if (extra !== undefined) await writeFile(file, extra);
    const { landscape, problems } = await readLandscape(file);
    assert.deepEqual(problems, []);
    assert.ok(landscape !== undefined);
    assert.deepEqual((await checkLandscape(landscape)).problems, []);
    const { converged, stacks } = await rehearse(landscape);
    return {
      converged,
      targets: prove(stacks).targets.map(({ path: url, verdict }) => ({ url, verdict })),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the documentation", () => {
  it("has a complete minimal landscape whose one target is reachable", async function () {
    this.timeout(60_000);
    assert.deepEqual(await rehearsed("landscape.yaml"), {
      converged: true,
      targets: [{ url: "/live/orders", verdict: "reachable" }],
    });
  });

  it("has a complete single-operator stack whose one target is reachable", async function () {
    this.timeout(60_000);
    const stack = { project: "single-operator", stack: "dev", config: "single-operator.dev.yaml" };
    // JSON is YAML.
    assert.deepEqual(await rehearsed("alone.yaml", JSON.stringify({ name: "alone", stacks: [stack] })), {
      converged: true,
      targets: [{ url: "/live/orders", verdict: "reachable" }],
    });
  });

  it("explains every code of a finding, and no other", () => {
    const explained = [...readPage("docs/proof.md").matchAll(/^\| `([A-Z0-9_]+)` +\|/gm)].map(
      ([, code]) => code,
    );
    assert.deepEqual(explained.sort(), codesInSource());
  });

  it("lists every resource type that is simulated, and no other", () => {
    const rows = [...readPage("docs/simulated-aws.md").matchAll(/^\| `aws\.(\w+)` +\| (.*) \|$/gm)];
    const listed = rows.flatMap(([, module = "", types = ""]) =>
      [...types.matchAll(/`(\w+)`/g)].map(([, type = ""]) => `${module}.${type}`),
    );
    const simulated = Object.keys(behaviours).map((token) => token.replace(/^aws:(\w+)\/\w+:/, "$1."));
    assert.deepEqual(listed.sort(), simulated.sort());
  });

  it("links only to pages and names only test files that exist", () => {
    const missing = pages().flatMap((page) => {
      const text = readPage(page);
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target = ""]) =>
        path.join(path.dirname(page), target),
      );
      const tests = [...text.matchAll(/`(tests\/[^`]+)`/g)].map(([, file = ""]) => file);
      return [...links, ...tests]
        .filter((file) => !existsSync(path.join(repository, file)))
        .map((file) => `${page}: ${file}`);
    });
    assert.deepEqual(missing, []);
  });
});
