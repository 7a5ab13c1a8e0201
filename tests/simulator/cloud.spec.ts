import assert from "node:assert/strict";
import { Cloud } from "../../simulator/cloud";
import { gateway, provider, refused, region, types } from "../rehearsal/aws/bench";
import { about, CloudBench } from "./cloud-bench";

const body = (connectionId: string, integrationTarget: string) => {
  const integration = {
    type: "HTTP_PROXY",
    httpMethod: "ANY",
    uri: "http://a.example/",
    connectionType: "VPC_LINK",
  };
  return JSON.stringify({
    openapi: "3.0.1",
    info: { title: "t", version: "1" },
    paths: {
      "/a": {
        get: {
          responses: {},
          "x-amazon-apigateway-integration": { ...integration, connectionId, integrationTarget },
        },
      },
    },
  });
};

/** A gateway's resources: what a stage serves, through a link, by a balancer. */
function served(bench: CloudBench) {
  const vpcId = bench.vpc("net");
  const subnetId = bench.subnet("a", vpcId);
  const groupId = bench.id("group", "g", { vpcId });
  const balancer = bench.id("balancer", "b", {
    ...{ loadBalancerType: "network", internal: true },
    subnetMappings: [{ subnetId, privateIpv4Address: "10.0.0.10" }],
  });
  const link = bench.id("link2", "l", { subnetIds: [subnetId], securityGroupIds: [groupId] });
  const restApi = bench.id("api", "a", { body: body(link, balancer) });
  const deployment = bench.id("deployment", "d", { restApi });
  const stage = bench.id("stage", "s", { restApi, deployment, stageName: "live" });
  return { vpcId, subnetId, groupId, balancer, link, restApi, deployment, stage };
}

describe("simulated AWS behind a provider", () => {
  it("creates, updates, reads and deletes by id, whichever stack asks", () => {
    const bench = new CloudBench();
    const { id, outputs } = bench.create("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    assert.equal(outputs.enableDnsSupport, true);
    const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true };
    assert.equal(bench.update("vpc", "renamed", id, inputs).outputs.enableDnsHostnames, true);
    assert.deepEqual(bench.read("vpc", id)?.inputs, inputs);
    assert.deepEqual(
      bench.cloud.owned().map((held) => held.id),
      [id],
    );
    assert.equal(bench.read("vpc", id, provider), undefined);
    bench.delete("vpc", id);
    assert.equal(bench.read("vpc", id), undefined);
    bench.delete("vpc", id);
    refused("InvalidVpcID.NotFound", () => bench.update("vpc", "net", id, inputs));
  });

  it("gives a resource another id each time that it is created, also when the last creation was lost", () => {
    const bench = new CloudBench();
    bench.cloud.faults.add({ type: types.vpc, afterEffect: true });
    const inputs = { cidrBlock: "10.0.0.0/16" };
    refused("InternalFailure", () => bench.create("vpc", "net", inputs));
    const [lost] = bench.cloud.owned();
    const second = bench.id("vpc", "net", inputs);
    assert.notEqual(second, lost?.id);
    bench.delete("vpc", second);
    assert.ok(![second, lost?.id].includes(bench.id("vpc", "net", inputs)));
  });

  it("keeps a link, a deployment and whatever they need while a stage serves them", () => {
    const bench = new CloudBench();
    const { vpcId, subnetId, groupId, balancer, link, restApi, deployment, stage } = served(bench);
    refused("BadRequestException", () => bench.delete("link2", link), /is referenced in \[.*:GET:\/a:live\]/);
    refused("BadRequestException", () => bench.delete("deployment", deployment), /Active stages/);
    refused("DependencyViolation", () => bench.delete("subnet", subnetId));
    refused("DependencyViolation", () => bench.delete("group", groupId));
    refused("DependencyViolation", () => bench.delete("vpc", vpcId));
    bench.delete("stage", stage);
    for (const [kind, id] of [
      ["deployment", deployment],
      ["api", restApi],
      ["link2", link],
      ["balancer", balancer],
      ["group", groupId],
      ["subnet", subnetId],
      ["vpc", vpcId],
    ] as const)
      bench.delete(kind, id);
    assert.deepEqual(bench.cloud.world.save(), []);
  });

  it("keeps a balancer that a V1 link holds", () => {
    const bench = new CloudBench();
    const subnetId = bench.subnet("a", bench.vpc("net"));
    const mapping = { loadBalancerType: "network", internal: true, subnetMappings: [{ subnetId }] };
    const balancer = bench.id("balancer", "b", mapping);
    const link = bench.id("link1", "l", { targetArn: balancer });
    refused("ResourceInUse", () => bench.delete("balancer", balancer));
    bench.delete("link1", link);
    bench.delete("balancer", balancer);
  });

  it("gives an address once", () => {
    const bench = new CloudBench();
    const subnetId = bench.subnet("a", bench.vpc("net"));
    const balancer = (privateIpv4Address: string) => ({
      ...{ loadBalancerType: "network", internal: true },
      subnetMappings: [{ subnetId, privateIpv4Address }],
    });
    const id = bench.id("balancer", "one", balancer("10.0.0.10"));
    assert.throws(() => bench.create("balancer", "two", balancer("10.0.0.10")), /10\.0\.0\.10/);
    bench.delete("balancer", id);
    bench.create("balancer", "two", balancer("10.0.0.10"));
  });

  it("has a connection pending until the other account accepts, and active after, also without the accepter", () => {
    const bench = new CloudBench();
    const vpcId = bench.vpc("net");
    const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
    const id = bench.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
    const status = (): unknown => bench.read("peering", id)?.outputs.acceptStatus;
    assert.equal(status(), "pending-acceptance");
    const accepter = { vpcPeeringConnectionId: id, autoAccept: true };
    assert.equal(bench.id("accepter", "p", accepter, provider), id);
    assert.equal(status(), "active");
    bench.delete("accepter", id, provider);
    assert.equal(status(), "active");
    assert.equal(bench.id("accepter", "p", accepter, provider), id);
    bench.delete("peering", id);
    assert.equal(bench.read("accepter", id, provider), undefined);
  });

  it("shows in a read what was changed by hand, and nothing of what has disappeared", () => {
    const bench = new CloudBench();
    const id = bench.vpc("net");
    const [held] = bench.cloud.owned();
    bench.cloud.tamper(held ?? assert.fail(), { enableDnsHostnames: true });
    assert.equal(bench.read("vpc", id)?.outputs.enableDnsHostnames, true);
    bench.cloud.lose(held ?? assert.fail());
    assert.equal(bench.read("vpc", id), undefined);
    assert.deepEqual(bench.cloud.owned(), []);
  });

  it("deletes with a thing what is part of it", () => {
    const bench = new CloudBench();
    const { stage, deployment, restApi } = served(bench);
    const [api] = bench.cloud.owned().filter((held) => held.id === restApi);
    bench.cloud.lose(api ?? assert.fail());
    assert.equal(bench.read("stage", stage), undefined);
    assert.equal(bench.read("deployment", deployment), undefined);
    const securityGroupId = bench.id("group", "rules", { vpcId: bench.vpc("other", "10.9.0.0/16") });
    const rule = bench.id("egress", "r", { securityGroupId, ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" });
    bench.delete("group", securityGroupId);
    assert.equal(bench.read("egress", rule), undefined);
  });

  // https://www.pulumi.com/registry/packages/aws/api-docs/ec2/defaultsecuritygroup/
  it("lets go of a default group with the rules that it has, and deletes it with its VPC alone", () => {
    const bench = new CloudBench();
    const { id: vpcId, outputs } = bench.create("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    const group = String(outputs.defaultSecurityGroupId);
    assert.equal(bench.id("defaultGroup", "d", { vpcId, ingress: [], egress: [] }), group);
    bench.delete("defaultGroup", group);
    assert.deepEqual(bench.read("group", group)?.outputs.egress, []);
    refused("CannotDelete", () => bench.delete("group", group));
    const table = String(outputs.defaultRouteTableId);
    bench.delete("defaultTable", bench.id("defaultTable", "d", { defaultRouteTableId: table }));
    assert.equal(bench.read("table", table)?.id, table);
    refused("DependencyViolation", () => bench.delete("table", table));
    refused("InvalidParameterValue", () => bench.delete("acl", String(outputs.defaultNetworkAclId)));
    bench.delete("vpc", vpcId);
    assert.equal(bench.read("group", group), undefined);
  });

  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  it("keeps a role that has policies", () => {
    const bench = new CloudBench();
    const statement = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "ec2.amazonaws.com" },
    };
    const role = bench.id("role", "r", { assumeRolePolicy: JSON.stringify({ Statement: [statement] }) });
    const policyArn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";
    const attachment = bench.id("policyAttachment", "p", { role, policyArn });
    refused("DeleteConflict", () => bench.delete("role", role));
    bench.delete("policyAttachment", attachment);
    bench.delete("role", role);
  });

  it("says how inputs differ, from what the engine knows and not from what there is", () => {
    const bench = new CloudBench();
    const known = bench.create("vpc", "net", { cidrBlock: "10.0.0.0/16" });
    bench.delete("vpc", known.id);
    const compare = (inputs: Record<string, unknown>, ...unknown: string[]) =>
      bench.cloud.compare({ ...about("vpc", "net"), inputs }, known, new Set(unknown));
    const same = { changed: [], replaces: [], deleteFirst: false };
    assert.deepEqual(compare({ cidrBlock: "10.0.0.0/16" }), same);
    assert.deepEqual(compare({ cidrBlock: "10.1.0.0/16" }).replaces, ["cidrBlock"]);
    assert.deepEqual(compare({ cidrBlock: "?" }, "cidrBlock").replaces, ["cidrBlock"]);
    assert.deepEqual(compare({ cidrBlock: "10.0.0.0/16", region: "eu-west-1" }).replaces, ["region"]);
  });

  it("starts with what exists, which belongs to no stack", () => {
    const place = { account: gateway, region, type: types.vpc, id: "vpc-0a" };
    const bench = new CloudBench({ existing: [{ ...place, properties: { cidrBlock: "10.0.0.0/16" } }] });
    assert.deepEqual(bench.cloud.owned(), []);
    assert.equal(bench.read("vpc", "vpc-0a")?.outputs.cidrBlock, "10.0.0.0/16");
    assert.throws(
      () => new Cloud({ existing: [{ ...place, id: "vpc", properties: {} }] }),
      /existing resources could not be in AWS/,
    );
  });
});
