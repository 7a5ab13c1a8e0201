import assert from "node:assert/strict";
import { Collector } from "../../common/collector";
import { readProviderConfig } from "../../configuration/provider-config";
import { configOf, type Settings } from "../support/landscape";

const create = { cidrBlocks: ["10.20.0.0/20"], zones: ["us-east-1a"] };
const adopt = {
  vpcId: "vpc-0000000a",
  cidrBlocks: ["10.50.0.0/20"],
  routeTableIds: { main: "rtb-0000000a" },
};
const good: Settings = { name: "shop", network: { create }, services: {} };

function read(settings: Settings) {
  const collector = new Collector();
  const config = readProviderConfig(configOf("p", "222222222222", settings), "p", collector);
  return { config, problems: collector.problems };
}

describe("a provider's configuration", () => {
  it("has defaults for everything but name, network, and each service's path and port", () => {
    const { config, problems } = read({ ...good, services: { a: { basePath: "/a", port: 80 } } });
    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      account: "222222222222",
      region: "us-east-1",
      name: "shop",
      gateway: {},
      network: { create },
      demonstration: { hostNumber: 10, instanceType: "t3.micro" },
      services: {
        a: { basePath: "/a", port: 80, scheme: "http", privateCa: false, healthCheck: { protocol: "TCP" } },
      },
    });
  });

  it("takes an adopted network, and a gateway that is named or not yet", () => {
    const { config, problems } = read({ ...good, network: { adopt }, gateway: { stack: "o/p/s" } });
    assert.deepEqual(problems, []);
    assert.deepEqual([config.network, config.gateway], [{ adopt }, { stack: "o/p/s" }]);
    assert.deepEqual(read({ ...good, gateway: {} }).problems, []);
  });

  const service = (more: Settings) => ({ ...good, services: { a: { basePath: "/a", port: 80, ...more } } });
  const existing = (more: Settings) => service({ existing: [{ address: "10.50.0.9", ...more }] });
  const wrong: [settings: Settings, where: string, value: string | undefined, allowed: RegExp][] = [
    [{ ...good, name: "gateway" }, "p:name", '"gateway"', /other than gateway/],
    [{ ...good, name: "Shop" }, "p:name", '"Shop"', /1 to 20/],
    [{ ...good, gateway: { stack: "dev" } }, "p:gateway.stack", '"dev"', /organization\/project\/stack/],
    [{ ...good, gatway: {} }, "p:gatway", "gatway", /gateway/],
    [{ ...good, network: {} }, "p:network", undefined, /exactly one of the two/],
    [{ ...good, network: { create, adopt } }, "p:network", undefined, /exactly one of the two/],
    [
      { ...good, network: { create: { ...create, zones: ["us-west-2a"] } } },
      "p:network.create.zones[0]",
      '"us-west-2a"',
      /us-east-1/,
    ],
    [
      { ...good, network: { create: { ...create, cidrBlocks: [] } } },
      "p:network.create.cidrBlocks",
      "[]",
      /at least 1/,
    ],
    [
      { ...good, network: { adopt: { ...adopt, vpcId: "vpc-x" } } },
      "p:network.adopt.vpcId",
      '"vpc-x"',
      /8 or 17/,
    ],
    [
      { ...good, network: { adopt: { ...adopt, routeTableIds: {} } } },
      "p:network.adopt.routeTableIds",
      "{}",
      /at least one route table/,
    ],
    [
      { ...good, network: { adopt: { ...adopt, routeTableIds: { m: "x" } } } },
      "p:network.adopt.routeTableIds.m",
      '"x"',
      /rtb-/,
    ],
    [{ ...good, demonstration: { hostNumber: 3 } }, "p:demonstration.hostNumber", "3", /at least 4/],
    [
      { ...good, demonstration: { instanceType: "micro" } },
      "p:demonstration.instanceType",
      '"micro"',
      /such as t3.micro/,
    ],
    [{ ...good, demonstration: { instances: 0 } }, "p:demonstration.instances", "0", /at least 1/],
    [service({ basePath: "/a/" }), "p:services.a.basePath", '"/a/"', /segment/],
    [service({ port: 65536 }), "p:services.a.port", "65536", /1 to 65535/],
    [service({ scheme: "tcp" }), "p:services.a.scheme", '"tcp"', /http or https/],
    [service({ serverName: "localhost" }), "p:services.a.serverName", '"localhost"', /DNS name/],
    [
      service({ healthCheck: { protocol: "GRPC" } }),
      "p:services.a.healthCheck.protocol",
      '"GRPC"',
      /TCP or HTTP or HTTPS/,
    ],
    [service({ healthCheck: { protocol: "HTTP", path: "x" } }), "p:services.a.healthCheck.path", '"x"', /./],
    [service({ pathPrefix: "v1" }), "p:services.a.pathPrefix", '"v1"', /segment/],
    [service({ openApi: "" }), "p:services.a.openApi", '""', /at least 1 character/],
    [service({ existing: [] }), "p:services.a.existing", "[]", /at least 1/],
    [existing({ address: "52.1.2.3" }), "p:services.a.existing[0].address", '"52.1.2.3"', /inside 10/],
    [existing({ subnetId: "subnet" }), "p:services.a.existing[0].subnetId", '"subnet"', /8 or 17/],
    [
      existing({ securityGroupID: "sg-0000000a" }),
      "p:services.a.existing[0].securityGroupID",
      "securityGroupID",
      /securityGroupId/,
    ],
    [{ ...good, services: { a_b: { basePath: "/a", port: 80 } } }, "p:services.a_b", '"a_b"', /1 to 20/],
  ];
  for (const [settings, where, value, allowed] of wrong) {
    it(`refuses ${where} ${value ?? "as it is"}`, () => {
      const { problems } = read(settings);
      assert.deepEqual(
        problems.map((problem) => [problem.where, problem.value]),
        [[where, value]],
      );
      assert.match(problems[0]?.allowed ?? "", allowed);
      assert.notEqual(problems[0]?.change ?? "", "");
    });
  }

  it("refuses what is missing, each key with its place", () => {
    const { problems } = read({ services: { a: {} } });
    assert.deepEqual(
      problems.map(({ where, what }) => [where, what]),
      [
        ["p:name", "is missing"],
        ["p:network", "is missing"],
        ["p:services.a.basePath", "is missing"],
        ["p:services.a.port", "is missing"],
      ],
    );
  });
});
