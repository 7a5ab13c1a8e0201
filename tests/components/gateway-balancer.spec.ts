import assert from "node:assert/strict";
import { GatewayBalancer } from "../../components/gateway-balancer";
import { GatewayVpcLink } from "../../components/vpc-link";
import { balancerArgs, sharedBalancer } from "../support/fixtures";
import { succeed, unknownValue } from "../support/mocks";
import { find, inputs, label, listOf, refusal, refusedPaths } from "../support/questions";

function outputsOf({ arn, dnsName, vpcLinkId, linkVersion, addresses, ...rest }: GatewayBalancer) {
  const { securityGroupId, linkSecurityGroupId = "none" } = rest;
  return { arn, dnsName, vpcLinkId, linkVersion, addresses, securityGroupId, linkSecurityGroupId };
}

describe("GatewayVpcLink", () => {
  const args = { vpcId: "vpc-1", subnetIds: { "us-east-1b": "subnet-b", "us-east-1a": "subnet-a" } };

  it("registers a V2 link in all its subnets, in the order of the zones, with a security group of its own", async () => {
    const result = await succeed(() => {
      const { vpcLinkId, securityGroupId } = new GatewayVpcLink("link", args);
      return { vpcLinkId, securityGroupId };
    });
    assert.deepEqual(listOf(result), [
      "GatewayVpcLink link",
      "apigatewayv2.VpcLink link-v2",
      "ec2.SecurityGroup link-sg",
    ]);
    assert.deepEqual(inputs(result, "apigatewayv2.VpcLink link-v2"), {
      subnetIds: ["subnet-a", "subnet-b"],
      securityGroupIds: ["link-sg-id"],
    });
    assert.deepEqual(inputs(result, "ec2.SecurityGroup link-sg"), {
      vpcId: "vpc-1",
      description: "VPC link of the central API gateway",
    });
    assert.equal(label(find(result, "apigatewayv2.VpcLink link-v2").parent), "GatewayVpcLink link");
    assert.equal(label(find(result, "ec2.SecurityGroup link-sg").parent), "GatewayVpcLink link");
    assert.deepEqual(result.outputs, { vpcLinkId: "link-v2-id", securityGroupId: "link-sg-id" });
  });

  it("refuses no subnet and more than ten", async () => {
    const eleven = Object.fromEntries("abcdefghijk".split("").map((zone) => [zone, `subnet-${zone}`]));
    for (const [subnetIds, count] of [
      [{}, "0"],
      [eleven, "11"],
    ] as const) {
      const [problem, ...others] = await refusal(() => new GatewayVpcLink("link", { vpcId: "v", subnetIds }));
      assert.deepEqual([problem?.where, others], ["subnetIds", []]);
      assert.match(problem?.reason ?? "", new RegExp(`given: ${count}; allowed: 1 to 10`));
    }
  });
});

describe("GatewayBalancer", () => {
  it("registers a balancer, its group, and the link's way to it when a V2 link is given", async () => {
    const result = await succeed(() => outputsOf(sharedBalancer("V2")));
    assert.deepEqual(listOf(result), [
      "GatewayBalancer lb",
      "GatewayVpcLink link",
      "apigatewayv2.VpcLink link-v2",
      "ec2.SecurityGroup lb-sg",
      "ec2.SecurityGroup link-sg",
      "lb.LoadBalancer lb-nlb",
      "vpc.SecurityGroupEgressRule lb-from-link",
    ]);
    assert.deepEqual(inputs(result, "vpc.SecurityGroupEgressRule lb-from-link"), {
      securityGroupId: "link-sg-id",
      referencedSecurityGroupId: "lb-sg-id",
      ipProtocol: "tcp",
      fromPort: 1,
      toPort: 65535,
      description: "to the load balancer",
    });
    assert.deepEqual(result.outputs, {
      arn: "lb-nlb-arn",
      dnsName: "lb-nlb.example",
      vpcLinkId: "link-v2-id",
      linkVersion: "V2",
      addresses: { "us-east-1a": "10.0.0.10", "us-east-1b": "10.0.2.10" },
      securityGroupId: "lb-sg-id",
      linkSecurityGroupId: "link-sg-id",
    });
  });

  it("registers a V1 link of its own, which leads to this balancer alone, when none is given", async () => {
    const result = await succeed(() => outputsOf(sharedBalancer("V1")));
    assert.deepEqual(listOf(result), [
      "GatewayBalancer lb",
      "apigateway.VpcLink lb-v1",
      "ec2.SecurityGroup lb-sg",
      "lb.LoadBalancer lb-nlb",
    ]);
    assert.deepEqual(inputs(result, "apigateway.VpcLink lb-v1"), { targetArn: "lb-nlb-arn" });
    const { vpcLinkId, linkVersion, linkSecurityGroupId } = result.outputs;
    assert.deepEqual([vpcLinkId, linkVersion, linkSecurityGroupId], ["lb-v1-id", "V1", "none"]);
  });

  for (const version of ["V1", "V2"] as const) {
    it(`is internal, has a pinned address per zone and a group, and enforces nothing on PrivateLink: ${version}`, async () => {
      const result = await succeed(() => outputsOf(sharedBalancer(version)));
      assert.deepEqual(inputs(result, "lb.LoadBalancer lb-nlb"), {
        loadBalancerType: "network",
        internal: true,
        ipAddressType: "ipv4",
        subnetMappings: [
          { subnetId: "subnet-a", privateIpv4Address: "10.0.0.10" },
          { subnetId: "subnet-b", privateIpv4Address: "10.0.2.10" },
        ],
        securityGroups: ["lb-sg-id"],
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
      });
      assert.deepEqual(inputs(result, "ec2.SecurityGroup lb-sg"), {
        vpcId: "vpc-gateway",
        description: "Load balancer of the central API gateway",
      });
      for (const resource of result.resources.filter(({ name }) => name.startsWith("lb-")))
        assert.equal(label(resource.parent), "GatewayBalancer lb");
    });
  }

  it("computes addresses from another host number, except where one is given", async () => {
    const zones = {
      "us-east-1b": { subnetId: "subnet-b", cidrBlock: "10.0.2.0/24", address: "10.0.2.77" },
      "us-east-1a": { subnetId: "subnet-a", cidrBlock: "10.0.0.0/24" },
    };
    const result = await succeed(() => outputsOf(sharedBalancer("V1", { zones, hostNumber: 20 })));
    assert.deepEqual(result.outputs.addresses, { "us-east-1a": "10.0.0.20", "us-east-1b": "10.0.2.77" });
    assert.deepEqual(inputs(result, "lb.LoadBalancer lb-nlb").subnetMappings, [
      { subnetId: "subnet-a", privateIpv4Address: "10.0.0.20" },
      { subnetId: "subnet-b", privateIpv4Address: "10.0.2.77" },
    ]);
  });

  it("keeps its addresses plain in a preview in which no id is known", async () => {
    const program = () => outputsOf(sharedBalancer("V2"));
    const preview = await succeed(program, { preview: true });
    assert.deepEqual(listOf(preview), listOf(await succeed(program)));
    assert.deepEqual(inputs(preview, "lb.LoadBalancer lb-nlb").securityGroups, [unknownValue]);
    assert.deepEqual(preview.outputs.addresses, { "us-east-1a": "10.0.0.10", "us-east-1b": "10.0.2.10" });
  });

  it("refuses all wrong arguments at once", async () => {
    const zones = {
      a: { subnetId: "s", cidrBlock: "10.0.0.0/24", address: "10.0.1.4" },
      b: { subnetId: "s", cidrBlock: "10.0.2.0/24", address: "10.0.2.255" },
      c: { subnetId: "s", cidrBlock: "10.0.3.0/24" },
    };
    const name = "a-name-of-21-letters-";
    const declare = () => new GatewayBalancer(name, { ...balancerArgs, zones, hostNumber: 3 });
    assert.deepEqual(await refusedPaths(declare), [
      "name",
      "zones.a.address",
      "zones.b.address",
      "hostNumber",
    ]);
    const [tooLong, outside, reserved, hostNumber] = await refusal(declare);
    assert.match(tooLong?.reason ?? "", /given: a-name-of-21-letters-; allowed: at most 20 characters/);
    assert.match(outside?.reason ?? "", /given: 10\.0\.1\.4; allowed: an address in 10\.0\.0\.0\/24/);
    assert.match(reserved?.reason ?? "", /given: 10\.0\.2\.255; allowed: a whole number from 4 to 254/);
    assert.match(hostNumber?.reason ?? "", /given: 3; allowed: a whole number from 4 to 254/);
  });

  it("refuses a name that no load balancer may have, and takes those that only look like it", async () => {
    const declare = (name: string) => () => new GatewayBalancer(name, balancerArgs);
    for (const name of ["internal", "internal-main", "main_1", "main.1", "-main"]) {
      const [problem, ...others] = await refusal(declare(name));
      assert.deepEqual([problem?.where, others], ["name", []], name);
      assert.match(problem?.reason ?? "", /allowed: letters, digits and hyphens.*"internal-\.\.\."/);
    }
    for (const name of ["internally", "main-internal", "Main-", "9"])
      await succeed(() => outputsOf(new GatewayBalancer(name, balancerArgs)));
  });

  it("refuses a balancer without zones", async () => {
    assert.deepEqual(await refusedPaths(() => new GatewayBalancer("lb", { ...balancerArgs, zones: {} })), [
      "zones",
    ]);
  });
});
