import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BenchSettings } from "./bench-settings";

/** Who builds the topology: `aws.*` resources alone, or this project's components. */
export type Side = "plain" | "components";

/** One registration that the program asked for. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  inputs: Record<string, unknown>;
}

type Landscape = (settings: BenchSettings) => Record<string, pulumi.Output<string>>;

/** The landscape of a side. Only that side's modules are loaded. */
export async function loadLandscape(side: Side): Promise<Landscape> {
  if (side === "plain") return (await import("./plain-landscape")).plainGateway;
  return (await import("./component-landscape")).componentGateway;
}

/**
 * Every resource class that either side uses. The provider's package loads a class when it is first read: reading them
 * all first keeps loading out of both sides' measurements.
 */
export function loadResourceClasses(): number {
  return [
    aws.apigateway.Deployment,
    aws.apigateway.Integration,
    aws.apigateway.Method,
    aws.apigateway.MethodSettings,
    aws.apigateway.Resource,
    aws.apigateway.RestApi,
    aws.apigateway.Stage,
    aws.apigatewayv2.VpcLink,
    aws.cloudwatch.LogGroup,
    aws.ec2.Route,
    aws.ec2.RouteTable,
    aws.ec2.RouteTableAssociation,
    aws.ec2.SecurityGroup,
    aws.ec2.Subnet,
    aws.ec2.Vpc,
    aws.ec2.VpcPeeringConnection,
    aws.lb.Listener,
    aws.lb.LoadBalancer,
    aws.lb.TargetGroup,
    aws.lb.TargetGroupAttachment,
    aws.vpc.SecurityGroupEgressRule,
    aws.vpc.SecurityGroupIngressRule,
  ].length;
}

/**
 * Runs a landscape to its end under Pulumi's mocks, the same for both sides: each resource's state is its inputs and a
 * few computed outputs, and each id names type and resource as `<type|name>`.
 *
 * @returns The registrations, once each.
 */
export async function runProgram(landscape: Landscape, settings: BenchSettings): Promise<Registration[]> {
  const registrations: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        const id = `<${type}|${name}>`;
        registrations.push({
          type,
          name,
          custom: custom === true,
          inputs: inputs as Registration["inputs"],
        });
        return {
          id,
          state: { ...inputs, arn: id, dnsName: id, rootResourceId: id, invokeUrl: `https://${id}` },
        };
      },
      call({ token }) {
        throw new Error(`the landscape calls ${token}`);
      },
    },
    "bench",
    "bench",
    false,
  );
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(landscape(settings)));
  await pulumi.runtime.disconnect();
  return registrations.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}
