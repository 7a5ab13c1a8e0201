import assert from "node:assert/strict";
import * as path from "node:path";
import * as ts from "typescript";
import { type CodeBlock, codeBlocks, pages, readPage, repository } from "./code-blocks";

const entry = path.join(repository, "components", "index.ts");

/** One program for the components and every TypeScript block, each a file of its own in memory. */
function compile(blocks: ReadonlyMap<string, CodeBlock>): ts.Program {
  const { config } = ts.readConfigFile(path.join(repository, "tsconfig.json"), (file) =>
    ts.sys.readFile(file),
  ) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(
    config,
    { ...ts.sys, readDirectory: () => [] },
    repository,
  );
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    baseUrl: repository,
    paths: { "central-private-gateway": ["components/index.ts"] },
  };
  const disk = ts.createCompilerHost(settings);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => blocks.has(file) || disk.fileExists(file),
    readFile: (file) => blocks.get(file)?.text ?? disk.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const block = blocks.get(file);
      return block === undefined
        ? disk.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, block.text, language);
    },
  };
  return ts.createProgram([entry, ...blocks.keys()], settings, host);
}

/** The exported classes with the names of their arguments and outputs. */
function publicComponents(program: ts.Program): { name: string; args: string[]; outputs: string[] }[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  assert.ok(module !== undefined, "components/index.ts has no exports");
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol =
      (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
    const declaration = symbol.declarations?.find(ts.isClassDeclaration);
    if (declaration === undefined) return [];
    const parameter = declaration.members.find(ts.isConstructorDeclaration)?.parameters[1];
    assert.ok(parameter !== undefined, `${symbol.name} has no arguments`);
    const outputs = declaration.members.filter(
      (member): member is ts.PropertyDeclaration =>
        ts.isPropertyDeclaration(member) &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) === 0,
    );
    return [
      {
        name: symbol.name,
        args: checker
          .getTypeAtLocation(parameter)
          .getProperties()
          .map((property) => property.name),
        outputs: outputs.map((member) => member.name.getText()),
      },
    ];
  });
}

describe("the pages with TypeScript", function () {
  this.timeout(60_000);
  const blocks = new Map(
    pages()
      .flatMap((page) => codeBlocks(page, "ts"))
      .map((block, index) => [path.join(repository, `documentation-block-${index}.ts`), block]),
  );
  let program: ts.Program;
  before(() => {
    program = compile(blocks);
  });

  it("hold blocks that parse and whose types fit the components", () => {
    assert.ok(blocks.size >= 10, `only ${blocks.size} blocks were found`);
    const errors = [...blocks].flatMap(([file, block]) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(({ start = 0, messageText }) => {
        const line = block.line + block.text.slice(0, start).split("\n").length - 1;
        return `${block.page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      });
    });
    assert.deepEqual(errors, []);
  });

  it("name every argument and output of every public component", () => {
    const components = publicComponents(program);
    assert.deepEqual(components.map(({ name }) => name).sort(), [
      "CentralGateway",
      "DemonstrationService",
      "DemonstrationVpc",
      "ExistingNetwork",
      "GatewayBalancer",
      "GatewayVpcLink",
      "PeeredVpc",
      "Peering",
      "PrivateApiTarget",
    ]);
    const missing = components.flatMap(({ name, args, outputs }) => {
      const page = `docs/components/${name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase()}.md`;
      const text = readPage(page);
      return [...args, ...outputs]
        .filter((word) => !text.includes(`\`${word}\``))
        .map((word) => `${page} does not name ${word}`);
    });
    assert.deepEqual(missing, []);
  });
});
