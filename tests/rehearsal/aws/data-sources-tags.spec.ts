import assert from "node:assert/strict";
import { Bench, gateway, provider, region } from "./bench";

type Properties = Record<string, unknown>;

const listed = "aws:resourcegroupstaggingapi/getResources:getResources";
const groups = "aws:autoscaling/getAmiIds:getAmiIds";
const roles = "aws:iam/getRoles:getRoles";
const owner = "central-private-gateway:stack";
const trust = JSON.stringify({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});

function ask(bench: Bench, token: string, args: Properties = {}, account = gateway, at = region): Properties {
  return bench.aws.invoke(token, args, account, at);
}

function arns(bench: Bench, args: Properties = {}, account = gateway, at = region): string[] {
  const mappings = ask(bench, listed, args, account, at).resourceTagMappingLists as Properties[];
  return mappings.map(({ resourceArn }) => String(resourceArn)).sort();
}

describe("the simulated Resource Groups Tagging API", () => {
  const filter = (key: string, ...values: string[]): Properties => ({ key, values });

  it("lists what has tags, with its ARN and all tags, in one account and region", () => {
    const bench = new Bench();
    const tags = { [owner]: "p/dev", Name: "net" };
    const vpc = bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16", tags });
    bench.vpc("bare", "10.1.0.0/16");
    bench.put("vpc", "other", { cidrBlock: "10.2.0.0/16", tags }, provider);
    bench.put("vpc", "far", { cidrBlock: "10.3.0.0/16", tags }, gateway, "eu-west-1");
    assert.deepEqual(ask(bench, listed), {
      id: "aws",
      region,
      resourceTagMappingLists: [
        { resourceArn: `arn:aws:ec2:${region}:${gateway}:vpc/${vpc.id}`, tags, complianceDetails: [] },
      ],
    });
  });

  it("filters by all keys, by one of a key's values, by kind and by ARN", () => {
    const bench = new Bench();
    const make = (name: string, block: string, tags: Properties): string =>
      String(bench.put("vpc", name, { cidrBlock: block, tags }).outputs.arn);
    const one = make("one", "10.0.0.0/16", { [owner]: "p/dev", tier: "a" });
    const two = make("two", "10.1.0.0/16", { [owner]: "p/test", tier: "a" });
    const three = make("three", "10.2.0.0/16", { tier: "b" });
    const group = String(
      bench.put("logGroup", "logs", { name: "/a", tags: { [owner]: "p/dev" } }).outputs.arn,
    );
    const all = [one, two, three, group].sort();
    assert.deepEqual(arns(bench), all);
    assert.deepEqual(arns(bench, { tagFilters: [filter(owner, "p/dev")] }), [one, group].sort());
    assert.deepEqual(
      arns(bench, { tagFilters: [filter(owner, "p/dev", "p/test"), filter("tier")] }),
      [one, two].sort(),
    );
    assert.deepEqual(arns(bench, { resourceTypeFilters: ["logs"] }), [group]);
    assert.deepEqual(arns(bench, { resourceTypeFilters: ["ec2:vpc", "logs:log-group"] }), all);
    assert.deepEqual(arns(bench, { resourceTypeFilters: ["ec2:subnet"] }), []);
    assert.deepEqual(arns(bench, { resourceArnLists: [two] }), [two]);
  });

  // https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
  it("does not list IAM roles and Auto Scaling groups, and what else IAM has in us-east-1 alone", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const subnet = bench.subnet("a", vpcId, "10.0.0.0/24");
    const template = bench.id("template", "t", { imageId: "ami-1", instanceType: "t3.micro" });
    bench.put("role", "r", { assumeRolePolicy: trust, tags: { [owner]: "p/dev" } });
    bench.put("scaling", "g", {
      ...{ minSize: 0, maxSize: 1, vpcZoneIdentifiers: [subnet], launchTemplate: { id: template } },
      tags: [{ key: owner, value: "p/dev", propagateAtLaunch: false }],
    });
    const profile = bench.put("profile", "i", { tags: { [owner]: "p/dev" } });
    assert.deepEqual(arns(bench), [profile.outputs.arn]);
    assert.deepEqual(arns(bench, {}, gateway, "eu-west-1"), []);
  });

  it("lists a connection once, for each account with the tags that this account gave", () => {
    const bench = new Bench();
    const [vpcId, peerVpcId] = [bench.vpc("net", "10.0.0.0/16"), bench.vpc("net", "10.1.0.0/16", provider)];
    const id = bench.id("peering", "p", {
      vpcId,
      peerVpcId,
      peerOwnerId: provider,
      tags: { [owner]: "g/dev" },
    });
    const accept = { vpcPeeringConnectionId: id, autoAccept: true, tags: { [owner]: "p/dev" } };
    bench.put("accepter", "p", accept, provider);
    const arn = (account: string): string => `arn:aws:ec2:${region}:${account}:vpc-peering-connection/${id}`;
    assert.deepEqual(arns(bench), [arn(gateway)]);
    assert.deepEqual(arns(bench, { tagFilters: [filter(owner, "p/dev")] }, provider), [arn(provider)]);
  });
});

describe("simulated lists of what the Tagging API leaves out", () => {
  it("find Auto Scaling groups by name and by tag", () => {
    const bench = new Bench();
    const subnet = bench.subnet("a", bench.vpc("net", "10.0.0.0/16"), "10.0.0.0/24");
    const template = bench.id("template", "t", { imageId: "ami-1", instanceType: "t3.micro" });
    const base = { minSize: 0, maxSize: 1, vpcZoneIdentifiers: [subnet], launchTemplate: { id: template } };
    const make = (name: string, value: string): Properties =>
      bench.put("scaling", name, { ...base, name, tags: [{ key: owner, value, propagateAtLaunch: false }] })
        .outputs;
    const [one] = [make("one", "p/dev"), make("two", "p/test")];
    const find = (args: Properties): unknown => ask(bench, groups, args).names;
    assert.deepEqual(find({}), ["one", "two"]);
    assert.deepEqual(find({ names: ["two"] }), ["two"]);
    assert.deepEqual(find({ filters: [{ name: `tag:${owner}`, values: ["p/dev"] }] }), ["one"]);
    assert.deepEqual(find({ filters: [{ name: "tag-key", values: [owner] }] }), ["one", "two"]);
    assert.deepEqual(find({ filters: [{ name: "tag-value", values: ["p/test"] }] }), ["two"]);
    assert.deepEqual(ask(bench, groups, { names: ["one"] }).arns, [one?.arn]);
  });

  it("find IAM roles by name and by path, in the own account, from every region", () => {
    const bench = new Bench();
    for (const [name, path] of [
      ["demo-a", "/"],
      ["demo-b", "/team/"],
      ["other", "/team/"],
    ] as const)
      bench.put("role", name, { name, path, assumeRolePolicy: trust });
    bench.put("role", "demo-c", { name: "demo-c", assumeRolePolicy: trust }, provider);
    const find = (args: Properties): unknown => ask(bench, roles, args, gateway, "eu-west-1").names;
    assert.deepEqual(find({}), ["demo-a", "demo-b", "other"]);
    assert.deepEqual(find({ nameRegex: "^demo-" }), ["demo-a", "demo-b"]);
    assert.deepEqual(find({ nameRegex: "^demo-", pathPrefix: "/team/" }), ["demo-b"]);
    assert.deepEqual(ask(bench, roles, { nameRegex: "^demo-a$" }).arns, [
      `arn:aws:iam::${gateway}:role/demo-a`,
    ]);
    assert.throws(() => find({ nameRegex: "(" }), /no regular expression/);
  });
});
