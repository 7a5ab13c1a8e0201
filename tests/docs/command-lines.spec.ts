import assert from "node:assert/strict";
import { type Command, CommanderError } from "commander";
import { build } from "../../cli/main";
import { stepsOf, workflowFiles } from "../examples/ci/workflow-files";
import { pages, readPage } from "./code-blocks";
import { flatScript, shellWords } from "./shell-words";

/** A command line as a page or a workflow has it. */
interface Written {
  where: string;
  words: string[];
  /** True for what is to be run as it stands; a mention in a sentence may leave out what goes without saying. */
  whole: boolean;
}

/** The program's own parser, which does nothing and says nothing. */
function parser(): Command {
  const program = build(
    () => undefined,
    () => undefined,
  );
  for (const command of program.commands)
    command.action(() => undefined).configureOutput({ writeErr: () => undefined });
  return program.configureOutput({ writeErr: () => undefined });
}

const commands = parser().commands.map((command) => command.name());
const options = new Map(
  parser().commands.map((command) => [command.name(), command.options.flatMap(({ long }) => long ?? [])]),
);

const viaNpm = /npm run --silent gateway -- (?=[^\s`])/g;
const bare = new RegExp(`(?<![\\w/.-])(?:\\S*bin/)?gateway (?=(?:${commands.join("|")})\\b)`, "g");

function find(where: string, text: string, whole: boolean): Written[] {
  const flat = flatScript(text);
  return [...flat.matchAll(viaNpm), ...flat.matchAll(bare)].map((match) => ({
    ...{ where, whole },
    words: shellWords(flat.slice(match.index + match[0].length)),
  }));
}

/** Fenced blocks but drawings, and what sentences have as code. */
function onPage(page: string): Written[] {
  const text = readPage(page);
  const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;
  const blocks = [...text.matchAll(fence)].flatMap(([, language = "", block = ""]) =>
    find(page, block, language !== "text"),
  );
  const mentions = [...text.replace(fence, "").matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) =>
    find(page, code, false),
  );
  return [...blocks, ...mentions];
}

/** Why the program would refuse it; undefined when it would not. */
function refusalOf({ words, whole }: Written): string | undefined {
  const [command = "", ...rest] = words;
  if (command === "COMMAND") return undefined;
  if (command.includes("|")) {
    const named = command.split("|");
    const known = named.flatMap((name) => options.get(name) ?? []);
    const unknown = rest.filter((word) => word.startsWith("--") && !known.includes(word));
    return named.every((name) => commands.includes(name)) && unknown.length === 0
      ? undefined
      : unknown.join(" ");
  }
  try {
    parser().parse(words, { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const asks = [
      "commander.missingMandatoryOptionValue",
      "commander.missingArgument",
      "commander.helpDisplayed",
    ];
    return (whole || !asks.includes(error.code)) && error.code !== "commander.helpDisplayed"
      ? error.message
      : undefined;
  }
}

describe("every command line in the documentation and the workflows", () => {
  const inWorkflows = workflowFiles().flatMap((file) =>
    stepsOf(file).flatMap(({ name = "", run = "" }) => find(`${file.name}, ${name}`, run, true)),
  );

  it("is understood by the program's own parser", () => {
    const written = [...pages().flatMap(onPage), ...inWorkflows];
    assert.ok(written.length > 20, `only ${written.length} were found`);
    const refused = written.flatMap((line) => {
      const refusal = refusalOf(line);
      return refusal === undefined ? [] : [`${line.where}: gateway ${line.words.join(" ")}: ${refusal}`];
    });
    assert.deepEqual(refused, []);
  });

  it("is found in every workflow that updates or looks, with the words that arrays add", () => {
    assert.deepEqual(inWorkflows.map(({ words }) => words.slice(0, 1).join()).sort(), [
      "preview",
      "refresh",
      "summary",
      "summary",
      "summary",
      "summary",
      "up",
      "up",
    ]);
    const up = inWorkflows.find(({ where }) => where.startsWith("workflows/gateway-up.yml"));
    assert.deepEqual(up?.words, [
      ...["up", "--landscape", "landscape.yaml", "--json", "--allow-loss", "$name", "--unlock"],
    ]);
  });

  it("would be refused with an option or a command that there is not", () => {
    const refused = (text: string): string | undefined => {
      const [line] = find("here", text, true);
      assert.ok(line !== undefined, text);
      return refusalOf(line);
    };
    assert.match(refused("exec gateway up --landscape x --losses y") ?? "", /unknown option '--losses'/);
    assert.match(refused("npm run --silent gateway -- updat") ?? "", /unknown command 'updat'/);
    assert.match(refused("bin/gateway preview --json") ?? "", /required option '--landscape <file>'/);
    assert.match(refused("gateway preview|up --nothing") ?? "", /--nothing/);
    assert.equal(refused('gateway up --landscape "a b.yaml" \\\n  --json > >(tee x) # --wrong'), undefined);
  });
});
