import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Collector } from "../../common/collector";
import { configurationFolder } from "../../configuration/configuration-folder";
import { configurationFolderVariable, loadDocuments } from "../../configuration/documents";
import { formatProblem } from "../../common/problems";
import { ProgramStopped, stopOnProblems } from "../../configuration/failure";
import { overlapProblems, planProvider } from "../../configuration/plan-provider";
import { readProviderConfig } from "../../configuration/provider-config";
import { configOf, oldSettings, type Settings, shopSettings } from "../support/landscape";

function plan(settings: Settings, documents = {}) {
  const collector = new Collector();
  const config = readProviderConfig(configOf("p", "222222222222", settings), "p", collector);
  assert.deepEqual(collector.problems, []);
  return planProvider(config, documents, "p");
}

const places = (settings: Settings) => plan(settings).problems.map(({ where, value }) => [where, value]);

const create = { cidrBlocks: ["10.20.0.0/20"], zones: ["us-east-1a"] };
const own = (service: Settings, more: Settings = {}) => ({
  name: "shop",
  network: { create },
  services: { a: { basePath: "/a", port: 80, ...service } },
  ...more,
});
const old = (...existing: Settings[]) => ({
  ...oldSettings,
  services: { a: { basePath: "/a", port: 80, existing } },
});

describe("the plan of a provider", () => {
  it("computes the contract from configuration alone", () => {
    const { plan: planned, problems } = plan(shopSettings, { orders: { openapi: "3.0.3", paths: {} } });
    assert.deepEqual(problems, []);
    assert.deepEqual(planned.demonstration?.addresses, {
      "us-east-1a": "100.64.16.10",
      "us-east-1b": "100.64.18.10",
    });
    assert.deepEqual(planned.contract.targets.orders, {
      dialAddresses: ["100.64.16.10", "100.64.18.10"],
      port: 8080,
      scheme: "http",
      privateCa: false,
      healthCheck: { protocol: "HTTP", path: "/health" },
      basePath: "/orders",
      openApi: { openapi: "3.0.3", paths: {} },
    });
    const cards = plan(oldSettings).plan.contract.targets.cards;
    assert.deepEqual(
      [cards?.dialAddresses, cards?.serverName],
      [["10.50.1.25", "10.50.2.25"], "cards.bank.internal"],
    );
    const prefixed = plan(own({ pathPrefix: "/v1" })).plan.contract.targets.a;
    assert.equal(prefixed?.pathPrefix, "/v1");
  });

  const wrong: [title: string, settings: Settings, expected: unknown[][]][] = [
    [
      "blocks that overlap",
      own({}, { network: { create: { ...create, cidrBlocks: ["10.20.0.0/20", "10.20.8.0/24"] } } }),
      [["p:network.create.cidrBlocks[1]", "10.20.8.0/24"]],
    ],
    [
      "a block too small",
      own({}, { network: { create: { ...create, cidrBlocks: ["10.20.0.0/25"] } } }),
      [["p:network.create.cidrBlocks[0]", "10.20.0.0/25"]],
    ],
    [
      "a zone twice",
      own({}, { network: { create: { ...create, zones: ["us-east-1a", "us-east-1a"] } } }),
      [["p:network.create.zones", "us-east-1a"]],
    ],
    [
      "a host number that AWS keeps",
      own(
        {},
        {
          network: { create: { ...create, cidrBlocks: ["10.20.0.0/24"] } },
          demonstration: { hostNumber: 31 },
        },
      ),
      [["p:demonstration.hostNumber", "31"]],
    ],
    [
      "a block that the VPC has not",
      own({}, { demonstration: { cidrBlock: "10.9.0.0/16" } }),
      [["p:demonstration.cidrBlock", "10.9.0.0/16"]],
    ],
    [
      "a name that the demonstration service's load balancer may not have",
      own({}, { name: "internal-shop" }),
      [["p:name", "internal-shop"]],
    ],
    [
      "https of the demonstration service, without a name",
      own({ scheme: "https" }),
      [
        ["p:services.a.serverName", undefined],
        ["p:services.a.scheme", "https"],
      ],
    ],
    ["a private authority without https", own({ privateCa: true }), [["p:services.a.privateCa", "true"]]],
    [
      "an HTTPS check of an http service",
      own({ healthCheck: { protocol: "HTTPS" } }),
      [["p:services.a.healthCheck.protocol", "HTTPS"]],
    ],
    [
      "a path of a TCP check",
      own({ healthCheck: { protocol: "TCP", path: "/x" } }),
      [["p:services.a.healthCheck.path", "/x"]],
    ],
    [
      "one port of two services",
      own({}, { services: { a: { basePath: "/a", port: 80 }, b: { basePath: "/b", port: 80 } } }),
      [["p:services.b.port", "80"]],
    ],
    [
      "existing addresses in a VPC that is created",
      own({ existing: [{ address: "10.20.0.99" }] }),
      [["p:services.a.existing", undefined]],
    ],
    [
      "no addresses in an adopted VPC",
      { ...oldSettings, services: { a: { basePath: "/a", port: 80 } } },
      [["p:services.a", undefined]],
    ],
    [
      "an address outside the VPC",
      old({ address: "10.51.0.1" }),
      [["p:services.a.existing[0].address", "10.51.0.1"]],
    ],
    [
      "an address twice",
      old({ address: "10.50.0.9" }, { address: "10.50.0.9" }),
      [["p:services.a.existing[1].address", "10.50.0.9"]],
    ],
    [
      "a route table that gets no route",
      old({ address: "10.50.0.9", routeTableId: "rtb-0000000f" }),
      [["p:services.a.existing[0].routeTableId", "rtb-0000000f"]],
    ],
  ];
  for (const [title, settings, expected] of wrong) {
    it(`refuses ${title}`, () => {
      const { problems } = plan(settings);
      assert.deepEqual(places(settings), expected);
      for (const problem of problems)
        assert.ok(problem.allowed !== "" && problem.change !== "", problem.where);
    });
  }

  it("checks what it can when parts of the configuration could not be read", () => {
    const { plan: planned, problems } = planProvider({}, {}, "p");
    assert.deepEqual(problems, []);
    assert.deepEqual(planned, {
      contract: {
        name: "",
        account: "",
        region: "",
        connection: { kind: "peering", cidrBlocks: [] },
        targets: {},
      },
    });
  });

  it("finds every pair of blocks that overlap", () => {
    const mine = { who: "a", where: "here", cidrBlocks: ["10.0.0.0/16", "10.9.0.0/16"] };
    const theirs = { who: "b", cidrBlocks: ["10.0.1.0/24", "10.0.2.0/24", "10.8.0.0/14"] };
    assert.deepEqual(
      overlapProblems(mine, theirs).map(({ where, what }) => [where, what]),
      [
        ["here[0]", "overlaps 10.0.1.0/24 of b"],
        ["here[0]", "overlaps 10.0.2.0/24 of b"],
        ["here[1]", "overlaps 10.8.0.0/14 of b"],
      ],
    );
  });
});

describe("documents of services", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "documents-"));
    await writeFile(
      path.join(folder, "good.yaml"),
      "openapi: 3.0.3\ninfo: { title: x, version: '1' }\npaths: { /a: { get: { responses: { '200': { description: ok } } } } }\n",
    );
    await writeFile(path.join(folder, "bad.yaml"), "openapi: [");
  });
  after(() => rm(folder, { recursive: true }));

  it("are loaded relative to the folder, all mistakes at once", async () => {
    const services = {
      good: { openApi: "good.yaml" },
      none: {},
      bad: { openApi: "bad.yaml" },
      lost: { openApi: "../lost.yaml" },
    };
    const { documents, problems } = await loadDocuments(services, folder, "p:services");
    assert.deepEqual(Object.keys(documents), ["good"]);
    assert.deepEqual(Object.keys(documents.good?.paths ?? {}), ["/a"]);
    const lost = problems.find(({ where }) => where === "p:services.lost.openApi");
    assert.equal(lost?.value, path.join(path.dirname(folder), "lost.yaml"));
    assert.match(lost?.what ?? "", /ENOENT/);
    assert.ok(problems.some((problem) => formatProblem(problem).includes(path.join(folder, "bad.yaml"))));
  });

  it("start from the folder that the environment names, else from where the program runs", () => {
    const before = process.env[configurationFolderVariable];
    try {
      process.env[configurationFolderVariable] = "/some/folder";
      assert.equal(configurationFolder(), "/some/folder");
      for (const empty of ["", undefined]) {
        if (empty === undefined) delete process.env[configurationFolderVariable];
        else process.env[configurationFolderVariable] = empty;
        assert.equal(configurationFolder(), process.cwd());
      }
    } finally {
      if (before === undefined) delete process.env[configurationFolderVariable];
      else process.env[configurationFolderVariable] = before;
    }
  });
});

describe("stopping a program", () => {
  it("throws one error with every problem, and nothing when there is none", () => {
    stopOnProblems([], "never");
    const problem = { where: "a", what: "is odd", allowed: "even", change: "add one" };
    assert.throws(
      () => stopOnProblems([problem, problem], "It cannot be"),
      (error: unknown) => {
        assert.ok(error instanceof ProgramStopped);
        const line = "  - a: is odd; allowed: even; change: add one";
        assert.equal(error.message, `It cannot be (2):\n${line}\n${line}`);
        assert.deepEqual(error.problems, [problem, problem]);
        return true;
      },
    );
  });
});
