import assert from "node:assert/strict";
import { type Properties } from "../../rehearsal/aws/properties";
import { plainObject, secretValue } from "../../rehearsal/wire-values";
import { Cloud } from "../../simulator/cloud";
import { type Endpoint, providerEnvironment, serveProviders } from "../../simulator/server";
import { unknownValue } from "../../simulator/wire";
import { gateway, region, types } from "../rehearsal/aws/bench";
import { ProviderClient } from "./provider-client";

const cidrBlock = "10.0.0.0/16";

describe("the provider protocol over simulated AWS", () => {
  let cloud: Cloud;
  let endpoint: Endpoint;
  let aws: ProviderClient;

  beforeEach(async () => {
    cloud = new Cloud();
    endpoint = await serveProviders(cloud);
    aws = await new ProviderClient(endpoint.port).of(gateway);
  });
  afterEach(() => {
    aws.close();
    endpoint.close();
  });

  it("is found by an environment that names both packages", () => {
    assert.deepEqual(providerEnvironment({ port: 4321 }), {
      PULUMI_DEBUG_PROVIDERS: "aws:4321,awsx:4321",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  });

  it("checks arguments before anything is created, and takes one without a value yet for given", async () => {
    assert.deepEqual(await aws.check("subnet", "s", { cidrBlock }), [
      'MissingParameter: Missing required argument: "vpcId" of aws:ec2/subnet:Subnet',
    ]);
    assert.deepEqual(await aws.check("subnet", "s", { cidrBlock, vpcId: unknownValue }), []);
    const [failure = ""] = await aws.check("subnet", "s", { cidrBlock: unknownValue });
    assert.match(failure, /"vpcId"/);
    assert.equal(cloud.calls.length, 0);
  });

  it("creates, updates and deletes, and says what AWS says when it refuses", async () => {
    const vpc = await aws.create("vpc", "net", { cidrBlock });
    assert.match(vpc.id, /^vpc-[0-9a-f]{17}$/);
    assert.equal(vpc.outputs.arn, `arn:aws:ec2:${region}:${gateway}:vpc/${vpc.id}`);
    const tagged = await aws.update("vpc", "net", vpc, { cidrBlock, tags: { a: "b" } });
    assert.deepEqual(tagged.outputs.tagsAll, { a: "b" });
    const subnet = await aws.create("subnet", "s", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
    await assert.rejects(aws.delete("vpc", "net", tagged), /^Error: DependencyViolation: The vpc /);
    await aws.delete("subnet", "s", subnet);
    await aws.delete("vpc", "net", tagged);
    await aws.delete("vpc", "net", tagged);
    await assert.rejects(aws.update("vpc", "net", vpc, { cidrBlock }), /InvalidVpcID\.NotFound/);
  });

  it("sees no difference in computed outputs, and none when numbers are as they were", async () => {
    const vpc = await aws.create("vpc", "net", { cidrBlock });
    assert.equal((await aws.diff("vpc", "net", vpc, { cidrBlock })).changes, 1);
    const inputs = { vpcId: vpc.id, port: 8080, protocol: "TCP", targetType: "ip" };
    const group = await aws.create("targets", "t", {
      ...inputs,
      healthCheck: { port: "8080", interval: 10 },
    });
    const { changes } = await aws.diff("targets", "t", group, group.inputs);
    assert.equal(changes, 1);
    assert.equal(group.outputs.port, 8080);
  });

  it("tells an update from a replacement, and what goes first", async () => {
    const vpc = await aws.create("vpc", "net", { cidrBlock });
    const tags = await aws.diff("vpc", "net", vpc, { cidrBlock, tags: { a: "b" } });
    assert.deepEqual([tags.changes, tags.diffsList, tags.replacesList], [2, ["tags"], []]);
    const block = await aws.diff("vpc", "net", vpc, { cidrBlock: "10.1.0.0/16" });
    assert.deepEqual([block.replacesList, block.deletebeforereplace], [["cidrBlock"], false]);
    const inputs = { name: "t", vpcId: vpc.id, port: 80, protocol: "TCP", targetType: "ip" };
    const group = await aws.create("targets", "t", inputs);
    const named = await aws.diff("targets", "t", group, { ...inputs, port: 81 });
    assert.deepEqual([named.replacesList, named.deletebeforereplace], [["port"], true]);
  });

  it("replaces for a value that is not known yet exactly where another value would", async () => {
    const vpc = await aws.create("vpc", "net", { cidrBlock });
    const subnet = await aws.create("subnet", "s", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" });
    const moved = await aws.diff("subnet", "s", subnet, { ...subnet.inputs, vpcId: unknownValue });
    assert.deepEqual(moved.replacesList, ["vpcId"]);
    const tags = { a: unknownValue };
    const tagged = await aws.diff("subnet", "s", subnet, { ...subnet.inputs, tags });
    assert.deepEqual([tagged.diffsList, tagged.replacesList], [["tags"], []]);
  });

  it("tells in a preview what is given, and marks what AWS decides as not known", async () => {
    const { id, properties } = await aws.make("vpc", "net", { cidrBlock }, { preview: true });
    const outputs = plainObject(properties);
    assert.equal(id, "");
    assert.deepEqual([outputs.cidrBlock, outputs.arn], [cidrBlock, unknownValue]);
    assert.equal(cloud.world.all(types.vpc).length, 0);
    assert.equal(cloud.calls.length, 0);
  });

  it("marks in the preview of an update only what the update would change", async () => {
    const inputs = { imageId: "ami-1", instanceType: "t3.micro" };
    const template = await aws.create("template", "t", inputs);
    assert.equal(template.outputs.latestVersion, 1);
    const preview = await aws.update("template", "t", template, { ...inputs, imageId: "ami-2" }, true);
    assert.deepEqual(
      [preview.outputs.latestVersion, preview.outputs.arn, preview.outputs.imageId],
      [unknownValue, template.outputs.arn, "ami-2"],
    );
    const done = await aws.update("template", "t", template, { ...inputs, imageId: "ami-2" });
    assert.equal(done.outputs.latestVersion, 2);
  });

  it("finds drift: the inputs are then what AWS has, and a diff mends them", async () => {
    const vpc = await aws.create("vpc", "net", { cidrBlock, tags: { a: "b" } });
    const unchanged = await aws.refresh("vpc", vpc);
    assert.deepEqual([unchanged?.inputs, unchanged?.outputs], [vpc.inputs, vpc.outputs]);
    const [held] = cloud.world.all(types.vpc);
    cloud.tamper(held ?? assert.fail(), { tags: { a: "other" }, enableDnsHostnames: true });
    const found = (await aws.refresh("vpc", vpc)) ?? assert.fail();
    assert.deepEqual(found.inputs, { cidrBlock, tags: { a: "other" } });
    assert.equal(found.outputs.enableDnsHostnames, true);
    assert.deepEqual((await aws.diff("vpc", "net", found, vpc.inputs)).diffsList, ["tags"]);
    const mended = await aws.update("vpc", "net", found, vpc.inputs);
    assert.deepEqual(mended.outputs.tags, { a: "b" });
    assert.equal(await aws.refresh("vpc", { ...vpc, id: "vpc-0000000000000000a" }), undefined);
  });

  it("finds on import, with the id alone, inputs from which nothing differs", async () => {
    const inputs = { cidrBlock, enableDnsHostnames: true, tags: { a: "b" } };
    const { id, outputs } = await aws.create("vpc", "net", inputs);
    const found = (await aws.import("vpc", id)) ?? assert.fail();
    assert.deepEqual([found.inputs, found.outputs], [inputs, outputs]);
    assert.equal((await aws.diff("vpc", "net", found, inputs)).changes, 1);
  });

  it("keeps secret what was given as a secret, at creation and in a refresh", async () => {
    const inputs = { type: "SecureString", name: "/a", value: "hidden" };
    const { id, properties } = await aws.make("parameter", "p", inputs, { secret: ["value"] });
    const raw = properties?.toJavaScript() as Properties;
    assert.deepEqual(raw.value, secretValue("hidden"));
    const state = { id, inputs, outputs: plainObject(properties) };
    const found = (await aws.refresh("parameter", state, ["value"])) ?? assert.fail();
    assert.deepEqual([found.rawInputs?.value, found.rawOutputs?.value], [raw.value, raw.value]);
  });

  it("finds and deletes what is in another region than its provider", async () => {
    const far = await aws.create("vpc", "far", { cidrBlock, region: "eu-west-1" });
    assert.equal(far.outputs.region, "eu-west-1");
    assert.equal((await aws.refresh("vpc", far))?.id, far.id);
    const tagged = await aws.update("vpc", "far", far, { ...far.inputs, tags: { a: "b" } });
    await aws.delete("vpc", "far", tagged);
    assert.equal(cloud.world.all(types.vpc).length, 0);
  });

  it("answers data sources, in the region that is asked for, and refuses unknown ones by name", async () => {
    const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const [own, far] = [await aws.invoke(zones), await aws.invoke(zones, { region: "eu-west-1" })];
    assert.deepEqual([(own.names as string[])[0], (far.names as string[])[0]], ["us-east-1a", "eu-west-1a"]);
    const caller = await aws.invoke("aws:index/getCallerIdentity:getCallerIdentity");
    assert.equal(caller.accountId, gateway);
    await assert.rejects(aws.invoke("aws:rds/getInstance:getInstance"), /is not simulated/);
  });

  it("carries a document of 8 MB there and back", async () => {
    const value = "x".repeat(8 * 1024 * 1024);
    const { outputs } = await aws.create("parameter", "p", { type: "String", name: "/a", value });
    assert.equal(outputs.value, value);
  });

  it("leaves out what has no value, in lists and objects as well", async () => {
    const made = await aws.create("vpc", "net", { cidrBlock, tags: { a: undefined, b: "c" } });
    assert.deepEqual(made.outputs.tags, { b: "c" });
  });

  it("tells of a failure on demand as of any other", async () => {
    cloud.faults.add({ type: types.vpc, code: "RequestLimitExceeded", afterEffect: true });
    await assert.rejects(aws.create("vpc", "net", { cidrBlock }), /RequestLimitExceeded: simulated failure/);
    assert.equal(cloud.world.all(types.vpc).length, 1);
  });
});
