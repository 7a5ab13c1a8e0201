import assert from "node:assert/strict";
import { Collector } from "../../common/collector";
import { type GatewayConfig, readGatewayConfig } from "../../configuration/gateway-config";
import { planGateway, replacementProblems } from "../../configuration/plan-gateway";
import { type PlannedContract } from "../../configuration/plan-provider";
import { type TargetContract } from "../../contracts/provider-contract";
import { configOf, type Settings } from "../support/landscape";

const network = { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1a", "us-east-1b"] };

function configured(settings: Settings = {}): Partial<GatewayConfig> {
  const collector = new Collector();
  const text = configOf("gw", "111111111111", { network, ...settings });
  const config = readGatewayConfig(text, "gw", collector);
  assert.deepEqual(collector.problems, []);
  return config;
}

function target(basePath: string, more: Partial<TargetContract> = {}): TargetContract {
  return {
    dialAddresses: ["10.20.0.10"],
    port: 8080,
    scheme: "http",
    privateCa: false,
    healthCheck: { protocol: "TCP" },
    basePath,
    ...more,
  };
}

function contract(
  name: string,
  targets: Record<string, TargetContract>,
  blocks = ["10.20.0.0/16"],
): PlannedContract {
  return {
    name,
    account: "222222222222",
    region: "us-east-1",
    connection: { kind: "peering", cidrBlocks: blocks },
    targets,
  };
}

const shop = contract("shop", { orders: target("/orders"), refunds: target("/refunds") });

function problemsOf(settings: Settings, contracts: Record<string, PlannedContract> = { shop }) {
  return planGateway(configured(settings), contracts, "gw").problems.map(({ where, value, allowed }) => [
    where,
    value,
    allowed,
  ]);
}

const lettersAlone = 'letters, digits and hyphens, no hyphen in front, and not "internal" or "internal-..."';

describe("the plan of the gateway", () => {
  it("puts targets on the only balancer, the one called main, or the one that they name", () => {
    const balancersOf = (settings: Settings) =>
      planGateway(configured(settings), { shop }, "gw").plan.targets.map(({ name, balancer }) => [
        name,
        balancer,
      ]);
    assert.deepEqual(balancersOf({ balancers: { lone: {} } }), [
      ["orders", "lone"],
      ["refunds", "lone"],
    ]);
    const settings = {
      balancers: { main: {}, next: { hostNumber: 11 } },
      targets: { refunds: { balancer: "next" }, orders: { ownBalancer: { hostNumber: 12 } } },
    };
    assert.deepEqual(balancersOf(settings), [
      ["orders", undefined],
      ["refunds", "next"],
    ]);
  });

  it("lets a balancer bear a name that every object has", () => {
    const { plan, problems } = planGateway(configured({ balancers: { constructor: {} } }), { shop }, "gw");
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(plan.balancers), ["constructor"]);
    assert.deepEqual(
      replacementProblems(
        { constructor: { "us-east-1a": "10.0.0.9" } },
        { announced: {}, targets: [] },
        "gw",
      ),
      [],
    );
  });

  it("pins one address per balancer and zone, computed or given", () => {
    const settings = {
      balancers: { main: {}, other: { addresses: { "us-east-1b": "10.0.2.99" }, hostNumber: 20 } },
      targets: { orders: { ownBalancer: { hostNumber: 30 } } },
    };
    const { plan, problems } = planGateway(configured(settings), { shop }, "gw");
    assert.deepEqual(problems, []);
    assert.deepEqual(plan.balancers, {
      main: { "us-east-1a": "10.0.0.10", "us-east-1b": "10.0.2.10" },
      other: { "us-east-1a": "10.0.0.20", "us-east-1b": "10.0.2.99" },
      orders: { "us-east-1a": "10.0.0.30", "us-east-1b": "10.0.2.30" },
    });
  });

  const apart =
    "CIDR blocks apart from each other: AWS fails a peering connection with any overlap, and one route cannot lead to two providers";
  type Row = [
    title: string,
    settings: Settings,
    contracts: Record<string, PlannedContract>,
    expected: unknown[][],
  ];
  const wrong: Row[] = [
    [
      "blocks of the VPC that overlap",
      { network: { ...network, cidrBlocks: ["10.0.0.0/20", "10.0.8.0/24"] } },
      {},
      [["gw:network.cidrBlocks[1]", "10.0.8.0/24", "blocks apart from each other"]],
    ],
    [
      "a block too small",
      { network: { ...network, cidrBlocks: ["10.0.0.0/24"] } },
      {},
      [["gw:network.cidrBlocks[0]", "10.0.0.0/24", "a prefix of /23 or shorter"]],
    ],
    [
      "a zone twice",
      { network: { ...network, zones: ["us-east-1a", "us-east-1a"] } },
      {},
      [["gw:network.zones", "us-east-1a", "at least one entry, each once"]],
    ],
    [
      "a zone without a part",
      { network: { ...network, zones: ["us-east-1m"] } },
      {},
      [["gw:network.zones", "us-east-1m", "a letter from a to h at the end"]],
    ],
    [
      "a provider's second block in the gateway's",
      {},
      { shop: contract("shop", {}, ["10.20.0.0/16", "10.0.15.0/24"]) },
      [["provider shop, cidrBlocks[1]", "10.0.15.0/24 of provider shop", apart]],
    ],
    [
      "two providers that overlap",
      {},
      { a: contract("a", {}), b: contract("b", {}, ["10.20.9.0/24"]) },
      [["provider b, cidrBlocks[0]", "10.20.9.0/24 of provider b", apart]],
    ],
    [
      "another provider's contract",
      {},
      { a: contract("b", {}) },
      [['contract of provider "a", name', "b", "a"]],
    ],
    [
      "a provider in another partition",
      {},
      {
        shop: { ...shop, region: "us-gov-west-1" },
        far: { ...contract("far", {}, ["10.30.0.0/16"]), region: "eu-west-1" },
      },
      [
        [
          'contract of provider "shop", region',
          "us-gov-west-1",
          "a region of partition aws, as us-east-1 is",
        ],
      ],
    ],
    [
      "one target name of two providers",
      {},
      { a: contract("a", { x: target("/x") }), b: contract("b", { x: target("/y") }, ["10.30.0.0/16"]) },
      [['provider "b", services.x', "x", "a name of its own for each target of the landscape"]],
    ],
    [
      "a balancer that there is not",
      { targets: { orders: { balancer: "next" } } },
      { shop },
      [["gw:targets.orders.balancer", "next", "main"]],
    ],
    [
      "no balancer among several",
      { balancers: { a: {}, b: { hostNumber: 11 } }, targets: { refunds: { balancer: "a" } } },
      { shop },
      [["gw:targets.orders.balancer", "main", "a or b"]],
    ],
    [
      "two kinds of balancer",
      { targets: { orders: { balancer: "main", ownBalancer: { hostNumber: 11 } } } },
      { shop },
      [["gw:targets.orders", undefined, "one of the two, or neither"]],
    ],
    [
      "one address of two balancers",
      { balancers: { a: {}, b: { addresses: { "us-east-1a": "10.0.0.10" }, hostNumber: 11 } } },
      {},
      [["gw:balancers.b.hostNumber", "10.0.0.10", "addresses of its own for each balancer"]],
    ],
    [
      "an address outside its subnet",
      { balancers: { main: { addresses: { "us-east-1a": "10.0.1.10" } } } },
      {},
      [["gw:balancers.main.addresses.us-east-1a", "10.0.1.10", "an address in 10.0.0.0/24"]],
    ],
    [
      "an address in no zone of the gateway's",
      { balancers: { main: { addresses: { "us-east-1c": "10.0.4.10" } } } },
      {},
      [["gw:balancers.main.addresses.us-east-1c", "us-east-1c", "us-east-1a or us-east-1b"]],
    ],
    [
      "a host number behind the subnet's end",
      { network: { ...network, zones: ["us-east-1a"] }, balancers: { main: { hostNumber: 255 } } },
      {},
      [["gw:balancers.main.hostNumber", "255", "a whole number from 4 to 254"]],
    ],
    [
      "a balancer with a target's name",
      {
        balancers: { main: {}, orders: { hostNumber: 11 } },
        targets: { orders: { ownBalancer: { hostNumber: 12 } } },
      },
      { shop },
      [["gw:targets.orders.ownBalancer", "orders", "a name of its own"]],
    ],
    [
      "a balancer whose name AWS keeps for its own",
      {
        targets: {
          internal: { ownBalancer: { hostNumber: 30 } },
          "internal-api": { ownBalancer: { hostNumber: 20 } },
        },
      },
      {
        shop: contract("shop", {
          internal: target("/a"),
          "internal-api": target("/b"),
          internally: target("/c"),
        }),
      },
      [
        ["gw:targets.internal.ownBalancer", "internal", lettersAlone],
        ["gw:targets.internal-api.ownBalancer", "internal-api", lettersAlone],
      ],
    ],
    [
      "one listener port twice",
      { targets: { orders: { listenerPort: 80 }, refunds: { listenerPort: 80 } } },
      { shop },
      [
        [
          "targets.refunds.listenerPort",
          "80 (configured)",
          "a port of its own for each target of a balancer",
        ],
      ],
    ],
    [
      "more rules than a group takes",
      { quotas: { securityGroupRules: 2 } },
      {
        shop: contract("shop", {
          orders: target("/o", { dialAddresses: ["10.20.0.1", "10.20.0.2", "10.20.0.3"] }),
        }),
      },
      [["gw:quotas.securityGroupRules", "2", "at least 3"]],
    ],
    [
      "more routes than a table takes",
      { quotas: { routesPerRouteTable: 1 } },
      { shop: contract("shop", {}, ["10.20.0.0/16", "10.21.0.0/16"]) },
      [["gw:quotas.routesPerRouteTable", "1", "at least 2"]],
    ],
    [
      "more connections than a VPC takes",
      { quotas: { peeringConnections: 1 } },
      { a: contract("a", {}), b: contract("b", {}, ["10.30.0.0/16"]) },
      [["gw:quotas.peeringConnections", "1", "at least 2"]],
    ],
  ];
  for (const [title, settings, contracts, expected] of wrong) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(problemsOf(settings, contracts), expected);
    });
  }

  it("counts the rule to an address and port once, however many targets of the balancer have it", () => {
    assert.deepEqual(problemsOf({ quotas: { securityGroupRules: 1 } }), []);
    const apart = contract("shop", { orders: target("/o"), refunds: target("/r", { port: 8081 }) });
    assert.deepEqual(problemsOf({ quotas: { securityGroupRules: 1 } }, { shop: apart }), [
      ["gw:quotas.securityGroupRules", "1", "at least 2"],
    ]);
  });

  it("refuses base paths that swallow each other, and hands on what the API refuses", () => {
    const nested = contract("shop", { a: target("/a"), b: target("/a/b") });
    const [problem, ...others] = planGateway(configured(), { shop: nested }, "gw").problems;
    assert.deepEqual(others, []);
    assert.match(`${problem?.where} ${problem?.what} ${problem?.value}`, /\/a\/b/);
  });

  it("checks what it can when parts of the configuration could not be read", () => {
    const { plan, problems } = planGateway({}, { shop }, "gw");
    assert.deepEqual(problems, []);
    assert.deepEqual(plan.balancers, {});
    assert.deepEqual(
      plan.targets.map(({ name }) => name),
      ["orders", "refunds"],
    );
  });
});

describe("replacements of balancers", () => {
  const before = { main: { a: "10.0.0.10", b: "10.0.2.10" } };

  const planned = (announced: Record<string, Record<string, string>>) => ({ announced, targets: [] });

  it("are none when a balancer stays, grows or goes", () => {
    assert.deepEqual(replacementProblems(before, planned(before), "gw"), []);
    const grown = { main: { ...before.main, c: "10.0.4.10" } };
    assert.deepEqual(replacementProblems(before, planned(grown), "gw"), []);
    assert.deepEqual(replacementProblems(before, planned({ next: { a: "10.0.0.11" } }), "gw"), []);
  });

  it("are told once for a balancer, with each zone whose address changes or goes", () => {
    const problems = replacementProblems(before, planned({ main: { a: "10.0.0.11" } }), "gw");
    assert.deepEqual(
      problems.map(({ where, value }) => [where, value]),
      [["gw:balancers.main", "10.0.0.11, no node in b"]],
    );
    assert.match(problems[0]?.what ?? "", /its address in a is [\d.]+, its address in b is [\d.]+$/);
    assert.match(problems[0]?.change ?? "", /add a second balancer/);
  });

  it("are told at the target whose own balancer would be replaced, with what to write there", () => {
    const { plan } = planGateway(
      configured({ targets: { shop: { ownBalancer: { hostNumber: 11 } } } }),
      { p: contract("p", { shop: target("/shop") }) },
      "gw",
    );
    const [problem, ...others] = replacementProblems({ shop: { "us-east-1a": "10.0.0.10" } }, plan, "gw");
    assert.deepEqual([problem?.where, problem?.value], ["gw:targets.shop.ownBalancer", "10.0.0.11"]);
    assert.match(problem?.change ?? "", /write targets\.shop\.balancer in place of ownBalancer/);
    assert.deepEqual(others, []);
  });
});
