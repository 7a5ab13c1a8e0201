import assert from "node:assert/strict";
import { Bench, gateway, refused, region } from "./bench";

type Inputs = Record<string, unknown>;

function network(): {
  bench: Bench;
  vpcId: string;
  subnetId: string;
  put: (type: string, name: string, inputs: Inputs) => Inputs & { id: string };
} {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  const subnetId = bench.subnet("a", vpcId, "10.0.0.0/24");
  const put = (type: string, name: string, inputs: Inputs): Inputs & { id: string } => {
    const urn = `urn:pulumi:s::p::${type}::${name}`;
    const { id, outputs } = bench.aws.put({ urn, type, name, account: gateway, region, inputs });
    return { ...outputs, id };
  };
  return { bench, vpcId, subnetId, put };
}

describe("simulated gateways and endpoints", () => {
  it("attaches an internet gateway once", () => {
    const { bench, vpcId, put } = network();
    const internetGatewayId = bench.id("internetGateway", "g", {});
    const type = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment";
    assert.equal(put(type, "a", { internetGatewayId, vpcId }).id, `${internetGatewayId}:${vpcId}`);
    refused("Resource.AlreadyAssociated", () => put(type, "b", { internetGatewayId, vpcId }));
    refused("InvalidInternetGatewayID.NotFound", () => put(type, "c", { internetGatewayId: "igw-0", vpcId }));
  });

  it("needs an elastic address of its own for a public NAT gateway, which has a free private address", () => {
    const { bench, vpcId, subnetId } = network();
    const allocationId = bench.id("eip", "e", {});
    bench.refuses("InvalidAllocationID.NotFound", "nat", "n", { subnetId });
    bench.refuses("InvalidSubnetID.NotFound", "nat", "n", { subnetId: "subnet-0", allocationId });
    bench.refuses("Gateway.NotAttached", "nat", "n", { subnetId, allocationId }, /no Internet gateway/);
    bench.put("internetGateway", "igw", { vpcId });
    const { outputs } = bench.put("nat", "n", { subnetId, allocationId });
    assert.match(String(outputs.privateIp), /^10\.0\.0\.\d+$/);
    bench.refuses("Resource.AlreadyAssociated", "nat", "m", { subnetId, allocationId });
    const pinned = { subnetId, connectivityType: "private", privateIp: outputs.privateIp };
    bench.refuses("InvalidIPAddress.InUse", "nat", "m", pinned);
  });

  it("refuses endpoints with foreign subnets, two in one zone, or no service", () => {
    const { bench, vpcId, subnetId, put } = network();
    const type = "aws:ec2/vpcEndpoint:VpcEndpoint";
    const inputs = { vpcId, serviceName: "com.amazonaws.us-east-1.ssm", vpcEndpointType: "Interface" };
    const far = bench.subnet("far", bench.vpc("other", "10.5.0.0/16"), "10.5.0.0/24");
    const twin = bench.subnet("twin", vpcId, "10.0.1.0/24");
    assert.match(put(type, "e", { ...inputs, subnetIds: [subnetId] }).id, /^vpce-[0-9a-f]{17}$/);
    refused("InvalidParameter", () => put(type, "f", { ...inputs, subnetIds: [far] }));
    refused("DuplicateSubnetsInSameZone", () => put(type, "f", { ...inputs, subnetIds: [subnetId, twin] }));
    refused("InvalidRouteTableId.NotFound", () => put(type, "f", { ...inputs, routeTableIds: ["rtb-0"] }));
    refused("MissingParameter", () => put(type, "f", { vpcId }));
    refused("InvalidParameter", () => put(type, "f", { ...inputs, privateDnsEnabled: true }));
    bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    put(type, "f", { ...inputs, privateDnsEnabled: true });
  });

  it("refuses flow logs of nothing, of two things and without role", () => {
    const { vpcId, subnetId, put } = network();
    const type = "aws:ec2/flowLog:FlowLog";
    const inputs = { trafficType: "ALL", logDestinationType: "s3", logDestination: "arn:aws:s3:::logs" };
    refused("MissingParameter", () => put(type, "l", inputs));
    refused("InvalidParameterCombination", () => put(type, "l", { ...inputs, vpcId, subnetId }));
    refused("InvalidParameter", () => put(type, "l", { vpcId, trafficType: "ALL" }));
    assert.match(put(type, "l", { ...inputs, vpcId }).id, /^fl-/);
  });
});

describe("simulated parts of an API", () => {
  it("refuses authorizers without function, models with other characters and plans of unknown stages", () => {
    const { bench, put } = network();
    const restApi = bench.id("api", "api", {});
    const authorizer = "aws:apigateway/authorizer:Authorizer";
    const authorizerUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations";
    assert.match(
      String(put(authorizer, "a", { restApi, authorizerUri }).arn),
      new RegExp(`/restapis/${restApi}/authorizers/\\w{6}$`),
    );
    refused("BadRequestException", () => put(authorizer, "b", { restApi }));
    refused("BadRequestException", () => put(authorizer, "b", { restApi, type: "COGNITO_USER_POOLS" }));
    refused("NotFoundException", () => put(authorizer, "b", { restApi: "none", authorizerUri }));
    const model = { restApi, contentType: "application/json" };
    refused("BadRequestException", () => put("aws:apigateway/model:Model", "m", { ...model, name: "a_b" }));
    const plan = "aws:apigateway/usagePlan:UsagePlan";
    refused("NotFoundException", () => put(plan, "p", { apiStages: [{ apiId: restApi, stage: "live" }] }));
    const usagePlanId = put(plan, "p", {}).id;
    const key = "aws:apigateway/usagePlanKey:UsagePlanKey";
    refused("NotFoundException", () => put(key, "k", { keyId: "none", keyType: "API_KEY", usagePlanId }));
    refused("BadRequestException", () =>
      put("aws:apigateway/account:Account", "a", { cloudwatchRoleArn: "logs" }),
    );
  });
});
