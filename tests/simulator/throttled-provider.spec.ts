import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as providerProto from "@pulumi/pulumi/proto/provider_pb";
import { Cloud } from "../../simulator/cloud";
import { type Endpoint, serveProviders } from "../../simulator/server";
import { writeStruct } from "../../simulator/wire";

const type = "aws:cloudwatch/logGroup:LogGroup";

describe("a throttled provider", () => {
  let endpoint: Endpoint;
  let client: ResourceProviderClient;
  let cloud: Cloud;

  beforeEach(async () => {
    // One attempt: what comes too early fails.
    cloud = new Cloud({ throttling: { attempts: 1 } });
    endpoint = await serveProviders(cloud, "111111111111");
    client = new ResourceProviderClient(`127.0.0.1:${endpoint.port}`, grpc.credentials.createInsecure());
    const configuration = new providerProto.ConfigureRequest().setArgs(writeStruct({ region: "us-east-1" }));
    await new Promise<void>((resolve, reject) => {
      client.configure(configuration, (error) => (error === null ? resolve() : reject(error)));
    });
  });

  afterEach(() => {
    client.close();
    endpoint.close();
  });

  function create(name: string): Promise<string> {
    const request = new providerProto.CreateRequest()
      .setUrn(`urn:pulumi:dev::test::${type}::${name}`)
      .setType(type)
      .setName(name)
      .setProperties(writeStruct({ name }));
    return new Promise((resolve, reject) => {
      client.create(request, (error, response) =>
        error === null ? resolve(response.getId()) : reject(error),
      );
    });
  }

  it("Fails with the service's code when a call comes too early, and has made nothing then", async () => {
    // The tags of five log groups can be listed at once.
    for (const name of ["a", "b", "c", "d", "e"]) assert.equal(await create(name), name);
    await assert.rejects(create("f"), /ThrottlingException/);
    assert.equal(cloud.owned().length, 5);
    assert.equal(cloud.controlPlane.total.failed, 1);
  });

  it("Counts the calls of an operation", async () => {
    await create("a");
    assert.deepEqual(
      [...cloud.controlPlane.counts.keys()],
      ["logs:CreateLogGroup", "logs:DescribeLogGroups", "logs:ListTagsForResource"],
    );
  });
});
