import assert from "node:assert/strict";
import { Bench } from "./bench";

function withGroup(): { bench: Bench; vpcId: string; group: string } {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  return { bench, vpcId, group: bench.id("group", "web", { vpcId }) };
}

const legacy = { type: "ingress", protocol: "tcp", fromPort: 443, toPort: 443 };

describe("simulated updates, as the provider makes them", () => {
  it("deletes a legacy security group rule before its replacement, which may keep some of its blocks", () => {
    const { bench, group } = withGroup();
    const rule = { ...legacy, securityGroupId: group };
    bench.put("groupRule", "r", { ...rule, cidrBlocks: ["10.1.0.0/24"] });
    const { change } = bench.put("groupRule", "r", { ...rule, cidrBlocks: ["10.1.0.0/24", "10.2.0.0/24"] });
    assert.equal(change, "replace");
    const [first] = bench.read("group", group).ingress as unknown[];
    assert.deepEqual(first, { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.1.0.0/24"] });
  });

  it("deletes an integration before its replacement, so that the method keeps one", () => {
    const bench = new Bench();
    const { id: restApi, outputs } = bench.put("api", "tree", {});
    const place = { restApi, resourceId: outputs.rootResourceId, httpMethod: "GET" };
    bench.put("method", "get", { ...place, authorization: "NONE" });
    bench.put("integration", "i", { ...place, type: "MOCK" });
    const http = { type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: "http://service/a" };
    assert.equal(bench.put("integration", "i", { ...place, ...http }).change, "replace");
    bench.aws.finishReplacements([bench.urn("integration", "i")]);
    bench.put("deployment", "d", { restApi });
  });

  it("replaces nothing for a value that AWS chose and the program never gave", () => {
    const aws = new Bench().aws;
    const place = { account: "111111111111", region: "us-east-1" };
    for (const [type, id, chosen] of [
      ["aws:apigateway/apiKey:ApiKey", "abc", { value: "as-AWS-made-it-20-chars" }],
      ["aws:ec2/eip:Eip", "eipalloc-0123456789abcdef0", { networkBorderGroup: "us-east-1-bos-1" }],
      ["aws:cloudwatch/logGroup:LogGroup", "/logs", { name: "/logs", logGroupClass: "DELIVERY" }],
    ] as const) {
      const urn = `urn:pulumi:s::p::${type}::it`;
      aws.restore({ ...place, urn, type, id, inputs: {}, outputs: chosen });
      const { change } = aws.put({ ...place, urn, type, name: "it", inputs: { tags: { a: "b" } } });
      assert.equal(change, "update", type);
    }
  });

  it("leaves inline rules that are no longer given, and takes them away for an empty list", () => {
    const { bench, vpcId } = withGroup();
    const ingress = [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.1.0.0/24"] }];
    const id = bench.id("group", "inline", { vpcId, ingress });
    bench.put("group", "inline", { vpcId, tags: { a: "b" } });
    assert.deepEqual(bench.read("group", id).ingress, ingress);
    const same = {
      securityGroupId: id,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.1.0.0/24",
    };
    bench.refuses("InvalidPermission.Duplicate", "ingress", "again", same);
    bench.put("group", "inline", { vpcId, ingress: [] });
    bench.put("ingress", "again", same);
  });

  it("leaves inline routes that are no longer given, and takes them away for an empty list", () => {
    const { bench, vpcId } = withGroup();
    const gatewayId = bench.id("internetGateway", "igw", { vpcId });
    const id = bench.id("table", "t", { vpcId, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId }] });
    const route = { routeTableId: id, destinationCidrBlock: "0.0.0.0/0", gatewayId };
    bench.put("table", "t", { vpcId, tags: { a: "b" } });
    bench.refuses("RouteAlreadyExists", "route", "r", route);
    bench.put("table", "t", { vpcId, routes: [] });
    bench.put("route", "r", route);
  });

  it("takes whatever ports a legacy rule for all protocols has, and one kind of peer", () => {
    const { bench, group } = withGroup();
    const rule = { type: "egress", securityGroupId: group, protocol: "-1", fromPort: 0, toPort: 65535 };
    bench.put("groupRule", "all", { ...rule, cidrBlocks: ["0.0.0.0/0"] });
    for (const peers of [{ cidrBlocks: ["10.0.0.0/8"] }, { ipv6CidrBlocks: ["::/0"] }])
      bench.refuses("InvalidParameterCombination", "groupRule", "mixed", { ...rule, self: true, ...peers });
  });

  it("knows a security group as a peer with and without its account", () => {
    const { bench, group } = withGroup();
    const rule = { securityGroupId: group, ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    bench.put("ingress", "r", { ...rule, referencedSecurityGroupId: group });
    bench.refuses("InvalidPermission.Duplicate", "ingress", "s", {
      ...rule,
      referencedSecurityGroupId: `111111111111/${group}`,
    });
  });
});
