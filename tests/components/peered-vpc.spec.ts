import assert from "node:assert/strict";
import { PeeredVpc, type PeeredVpcArgs } from "../../components/peered-vpc";
import { Peering } from "../../components/peering";
import { succeed, unknownValue } from "../support/mocks";
import { all, find, inputs, label, listOf, refusal, refusedPaths } from "../support/questions";

const create = {
  cidrBlocks: ["10.0.0.0/20", "100.64.0.0/24"],
  zones: ["us-east-1c", "us-east-1a"],
  tiers: ["balancer", "link"],
};
const adopt = {
  vpcId: "vpc-1",
  cidrBlocks: ["10.30.0.0/20", "10.31.0.0/24"],
  routeTableIds: { public: "rtb-1", private: "rtb-2" },
};
const request = { peerVpcId: "vpc-peer", peerAccount: "222222222222" };

function declare(args: PeeredVpcArgs) {
  return succeed(() => {
    const { vpcId, subnetIds, routeTableIds, connectionIds } = new PeeredVpc("net", args);
    return { vpcId, subnetIds, routeTableIds, connectionIds };
  });
}

describe("a created PeeredVpc", () => {
  it("registers the VPC, its further blocks, one route table and the subnets of each tier and zone", async () => {
    assert.deepEqual(listOf(await declare({ create })), [
      "PeeredVpc net",
      "ec2.RouteTable net-routes",
      "ec2.RouteTableAssociation net-balancer-us-east-1a-routes",
      "ec2.RouteTableAssociation net-balancer-us-east-1c-routes",
      "ec2.RouteTableAssociation net-link-us-east-1a-routes",
      "ec2.RouteTableAssociation net-link-us-east-1c-routes",
      "ec2.Subnet net-balancer-us-east-1a",
      "ec2.Subnet net-balancer-us-east-1c",
      "ec2.Subnet net-link-us-east-1a",
      "ec2.Subnet net-link-us-east-1c",
      "ec2.Vpc net-vpc",
      "ec2.VpcIpv4CidrBlockAssociation net-block-100.64.0.0/24",
    ]);
  });

  it("gives a subnet the part of the first block that belongs to its zone's letter and its tier", async () => {
    const result = await declare({ create });
    // 10.0.0.0/20 in eight parts of /23, each in two of /24: zone a is part 0, zone c part 2.
    const expected = {
      "net-balancer-us-east-1a": ["us-east-1a", "10.0.0.0/24"],
      "net-link-us-east-1a": ["us-east-1a", "10.0.1.0/24"],
      "net-balancer-us-east-1c": ["us-east-1c", "10.0.4.0/24"],
      "net-link-us-east-1c": ["us-east-1c", "10.0.5.0/24"],
    };
    const found = all(result, "ec2.Subnet").map(
      ({ name, inputs: { availabilityZone, cidrBlock, vpcId } }) => {
        assert.equal(vpcId, "net-vpc-id");
        return [name, [availabilityZone, cidrBlock]];
      },
    );
    assert.deepEqual(Object.fromEntries(found), expected);
    assert.deepEqual(inputs(result, "ec2.RouteTableAssociation net-link-us-east-1c-routes"), {
      subnetId: "net-link-us-east-1c-id",
      routeTableId: "net-routes-id",
    });
    assert.deepEqual(inputs(result, "ec2.Vpc net-vpc"), {
      cidrBlock: "10.0.0.0/20",
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    assert.deepEqual(inputs(result, "ec2.VpcIpv4CidrBlockAssociation net-block-100.64.0.0/24"), {
      vpcId: "net-vpc-id",
      cidrBlock: "100.64.0.0/24",
    });
    assert.deepEqual(inputs(result, "ec2.RouteTable net-routes"), { vpcId: "net-vpc-id" });
    assert.deepEqual(result.outputs, {
      vpcId: "net-vpc-id",
      subnetIds: {
        balancer: { "us-east-1a": "net-balancer-us-east-1a-id", "us-east-1c": "net-balancer-us-east-1c-id" },
        link: { "us-east-1a": "net-link-us-east-1a-id", "us-east-1c": "net-link-us-east-1c-id" },
      },
      routeTableIds: { main: "net-routes-id" },
      connectionIds: {},
    });
  });

  it("has one tier called private when none is named", async () => {
    const result = await declare({ create: { cidrBlocks: ["10.0.0.0/24"], zones: ["eu-west-1h"] } });
    assert.deepEqual(
      all(result, "ec2.Subnet").map(({ name, inputs: { cidrBlock } }) => [name, cidrBlock]),
      [["net-private-eu-west-1h", "10.0.0.224/27"]],
    );
  });

  it("is the parent of everything it declares", async () => {
    const result = await declare({ create, peers: { a: { cidrBlocks: ["10.20.0.0/16"], request } } });
    for (const resource of result.resources) {
      const expected =
        resource.name === "net" || resource.type === "pulumi:pulumi:Stack"
          ? undefined
          : /^net-a-/.test(resource.name)
            ? "Peering net-a"
            : "PeeredVpc net";
      if (expected !== undefined) assert.equal(label(resource.parent), expected, resource.name);
    }
  });
});

describe("the connections of a PeeredVpc", () => {
  it("requests a connection and routes every block of the peer in every route table of an adopted VPC", async () => {
    const peers = { shop: { cidrBlocks: ["10.0.0.0/20", "100.64.0.0/24"], request } };
    const result = await declare({ adopt, peers });
    assert.deepEqual(listOf(result), [
      "PeeredVpc net",
      "Peering net-shop",
      "ec2.Route net-shop-route-private-10.0.0.0/20",
      "ec2.Route net-shop-route-private-100.64.0.0/24",
      "ec2.Route net-shop-route-public-10.0.0.0/20",
      "ec2.Route net-shop-route-public-100.64.0.0/24",
      "ec2.VpcPeeringConnection net-shop-connection",
    ]);
    assert.deepEqual(inputs(result, "ec2.VpcPeeringConnection net-shop-connection"), {
      vpcId: "vpc-1",
      peerVpcId: "vpc-peer",
      peerOwnerId: "222222222222",
    });
    const routes = all(result, "ec2.Route").map(({ inputs: route }) => [
      route.routeTableId,
      route.destinationCidrBlock,
      route.vpcPeeringConnectionId,
    ]);
    assert.deepEqual(routes.sort(), [
      ["rtb-1", "10.0.0.0/20", "net-shop-connection-id"],
      ["rtb-1", "100.64.0.0/24", "net-shop-connection-id"],
      ["rtb-2", "10.0.0.0/20", "net-shop-connection-id"],
      ["rtb-2", "100.64.0.0/24", "net-shop-connection-id"],
    ]);
    assert.deepEqual(result.outputs.connectionIds, { shop: "net-shop-connection-id" });
  });

  it("accepts a connection and routes to the accepted one, so that routes wait for the acceptance", async () => {
    const peers = { gateway: { cidrBlocks: ["10.0.0.0/20"], accept: { connectionId: "pcx-7" } } };
    const result = await declare({ adopt: { ...adopt, routeTableIds: { all: "rtb-9" } }, peers });
    assert.deepEqual(listOf(result), [
      "PeeredVpc net",
      "Peering net-gateway",
      "ec2.Route net-gateway-route-all-10.0.0.0/20",
      "ec2.VpcPeeringConnectionAccepter net-gateway-accepter",
    ]);
    assert.deepEqual(inputs(result, "ec2.VpcPeeringConnectionAccepter net-gateway-accepter"), {
      vpcPeeringConnectionId: "pcx-7",
      autoAccept: true,
    });
    assert.deepEqual(inputs(result, "ec2.Route net-gateway-route-all-10.0.0.0/20"), {
      routeTableId: "rtb-9",
      destinationCidrBlock: "10.0.0.0/20",
      vpcPeeringConnectionId: "net-gateway-accepter-id",
    });
    const route = find(result, "ec2.Route net-gateway-route-all-10.0.0.0/20");
    assert.deepEqual(route.dependencies.map(label), [
      "ec2.VpcPeeringConnectionAccepter net-gateway-accepter",
    ]);
  });

  it("names a region for a peer elsewhere and never accepts for another account", async () => {
    const peers = { far: { cidrBlocks: ["10.9.0.0/16"], request: { ...request, peerRegion: "eu-west-1" } } };
    const connection = inputs(
      await declare({ create, peers }),
      "ec2.VpcPeeringConnection net-far-connection",
    );
    assert.equal(connection.peerRegion, "eu-west-1");
    assert.equal("autoAccept" in connection, false);
  });

  it("requests a connection only when the VPC has all its blocks, which the request is checked against", async () => {
    const result = await declare({ create, peers: { a: { cidrBlocks: ["10.20.0.0/16"], request } } });
    const waited = find(result, "ec2.VpcPeeringConnection net-a-connection").dependencies.map(label);
    assert.ok(waited.includes("ec2.VpcIpv4CidrBlockAssociation net-block-100.64.0.0/24"), waited.join(", "));
  });

  it("keeps several peers apart, in one VPC as requester and as accepter", async () => {
    const peers = {
      a: { cidrBlocks: ["10.20.0.0/16"], request },
      b: { cidrBlocks: ["10.21.0.0/16"], accept: { connectionId: "pcx-b" } },
    };
    const result = await declare({ create: { cidrBlocks: ["10.0.0.0/24"], zones: ["us-east-1a"] }, peers });
    assert.deepEqual(
      all(result, "ec2.Route").map(({ inputs: { destinationCidrBlock, vpcPeeringConnectionId } }) => [
        destinationCidrBlock,
        vpcPeeringConnectionId,
      ]),
      [
        ["10.20.0.0/16", "net-a-connection-id"],
        ["10.21.0.0/16", "net-b-accepter-id"],
      ],
    );
  });

  it("sets the DNS option of its own side, and only on request", async () => {
    for (const [side, connection, option] of [
      [{ request }, "net-a-connection-id", "requester"],
      [{ accept: { connectionId: "pcx-a" } }, "net-a-accepter-id", "accepter"],
    ] as const) {
      const peer = { cidrBlocks: ["10.20.0.0/16"], ...side };
      const result = await declare({ adopt, peers: { a: { ...peer, resolvePeerDns: true } } });
      assert.deepEqual(inputs(result, "ec2.PeeringConnectionOptions net-a-options"), {
        vpcPeeringConnectionId: connection,
        [option]: { allowRemoteVpcDnsResolution: true },
      });
      const without = await declare({ adopt, peers: { a: { ...peer, resolvePeerDns: false } } });
      assert.deepEqual(all(without, "ec2.PeeringConnectionOptions"), []);
    }
  });

  it("takes a connection added later below the VPC, whoever declares it", async () => {
    const result = await succeed(() => {
      const vpc = new PeeredVpc("net", { adopt });
      new Peering("net-late", { vpc, peerCidrBlocks: ["10.20.0.0/16"], request });
      return {};
    });
    assert.equal(label(find(result, "Peering net-late").parent), "PeeredVpc net");
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const program = () => {
      const peers = { a: { cidrBlocks: ["10.20.0.0/16"], request } };
      return { id: new PeeredVpc("net", { create, peers }).vpcId };
    };
    const preview = await succeed(program, { preview: true });
    assert.deepEqual(listOf(preview), listOf(await succeed(program)));
    assert.equal(
      inputs(preview, "ec2.Route net-a-route-main-10.20.0.0/16").vpcPeeringConnectionId,
      unknownValue,
    );
  });
});

describe("wrong arguments of PeeredVpc and Peering", () => {
  it("are refused all at once, those of the peers too", async () => {
    const args: PeeredVpcArgs = {
      create: { cidrBlocks: ["10.0.0.1/20", "10.0.8.0/24"], zones: ["us-east-1a", "us-east-1a"], tiers: [] },
      adopt: { ...adopt, cidrBlocks: [] },
      peers: {
        a: { cidrBlocks: [] },
        b: { cidrBlocks: ["10.0.0.0/16"], request: { peerVpcId: "v", peerAccount: "1" } },
      },
    };
    assert.deepEqual(await refusedPaths(() => new PeeredVpc("net", args)), [
      "create, adopt",
      "create.cidrBlocks[0]",
      "create.cidrBlocks[1]",
      "create.zones",
      "create.tiers",
      "adopt.cidrBlocks",
      "peers.a.request, accept",
      "peers.a.cidrBlocks",
      "peers.b.request.peerAccount",
      "peers.b.cidrBlocks[0]",
      "peers.b.cidrBlocks[0]",
    ]);
  });

  const refused: [title: string, args: PeeredVpcArgs, where: string, reason: RegExp][] = [
    ["neither create nor adopt", {}, "create, adopt", /neither is given; allowed: exactly one/],
    [
      "no zone",
      { create: { cidrBlocks: ["10.0.0.0/20"], zones: [] } },
      "create.zones",
      /is empty; allowed: at least one/,
    ],
    [
      "a zone letter without a part",
      { create: { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1z"] } },
      "create.zones",
      /given: us-east-1z; allowed: a letter from a to h/,
    ],
    [
      "a block too small for its subnets",
      { create: { cidrBlocks: ["10.0.0.0/24"], zones: ["us-east-1a"], tiers: ["a", "b"] } },
      "create.cidrBlocks[0]",
      /too small for the zones.*given: 10\.0\.0\.0\/24; allowed: a prefix of \/23 or shorter/,
    ],
    [
      "a block of a size that AWS refuses",
      { adopt: { ...adopt, cidrBlocks: ["10.0.0.0/15"] } },
      "adopt.cidrBlocks[0]",
      /given: 10\.0\.0\.0\/15; allowed: .*\/16 to \/28/,
    ],
    [
      "a peer that is requested and accepted",
      { adopt, peers: { p: { cidrBlocks: ["10.99.0.0/16"], request, accept: { connectionId: "x" } } } },
      "peers.p.request, accept",
      /both are given/,
    ],
    [
      "a peer's block twice",
      { adopt, peers: { p: { cidrBlocks: ["10.99.0.0/16", "10.99.0.0/16"], request } } },
      "peers.p.cidrBlocks[1]",
      /is given twice; given: 10\.99\.0\.0\/16/,
    ],
    [
      "a peer's block with host bits",
      { adopt, peers: { p: { cidrBlocks: ["10.99.0.1/16"], request } } },
      "peers.p.cidrBlocks[0]",
      /without host bits; given: 10\.99\.0\.1\/16/,
    ],
    [
      "a peer's block that overlaps a further block of this VPC",
      { adopt, peers: { p: { cidrBlocks: ["10.31.0.128/25"], request } } },
      "peers.p.cidrBlocks[0]",
      /overlaps 10\.31\.0\.0\/24 of this VPC/,
    ],
    [
      "a peer's region that is none",
      { adopt, peers: { p: { cidrBlocks: ["10.99.0.0/16"], request: { ...request, peerRegion: "Ohio" } } } },
      "peers.p.request.peerRegion",
      /given: Ohio; allowed: a region such as/,
    ],
    [
      "no route table for the peers of an adopted VPC",
      { adopt: { ...adopt, routeTableIds: {} }, peers: { p: { cidrBlocks: ["10.99.0.0/16"], request } } },
      "adopt.routeTableIds",
      /nothing would be routed.*allowed: at least one route table/,
    ],
  ];
  for (const [title, args, where, reason] of refused) {
    it(`are refused: ${title}`, async () => {
      const problems = await refusal(() => new PeeredVpc("net", args));
      assert.deepEqual(
        problems.map((problem) => problem.where),
        [where],
      );
      assert.match(problems[0]?.reason ?? "", reason);
    });
  }

  it("are refused by a connection declared on its own, too", async () => {
    const found = await refusedPaths(() => {
      const vpc = new PeeredVpc("net", { adopt });
      new Peering("late", { vpc, peerCidrBlocks: ["10.30.1.0/24", "nonsense"] });
    });
    assert.deepEqual(found, ["request, accept", "peerCidrBlocks[0]", "peerCidrBlocks[1]"]);
  });
});
