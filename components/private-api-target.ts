import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { contains } from "../common/ipv4";
import { type Problem } from "../common/problems";
import { claimListener, openWay } from "./balancer-claims";
import { GatewayBalancer, type GatewayBalancerArgs } from "./gateway-balancer";
import { derivedListenerPort } from "./listener-port";
import { targetProblems } from "./target-arguments";
import { refuseProblems } from "./validation";

/** How the load balancer finds out whether an address is healthy. */
export interface HealthCheckArgs {
  /** `TCP`, `HTTP` or `HTTPS`. Defaults to `TCP`. HTTP checks carry the node's address as Host header. */
  protocol?: string;
  /** Path of an HTTP or HTTPS check; a status from 200 to 399 is healthy. Defaults to `/`. */
  path?: string;
}

export interface PrivateApiTargetArgs {
  /** Path of the API below which the target is published, for example `/payments`. */
  basePath: string;
  /** Who provides the target; a label for reports. */
  provider?: string;
  /** Private addresses that the gateway dials. */
  addresses: string[];
  /** Port of the service at those addresses. */
  port: number;
  /** `http` or `https`. Defaults to `http`. */
  scheme?: string;
  /** Host name of the service: Host header, TLS server name, and the name its certificate is checked for. Needed for `https`. */
  serverName?: string;
  /** Accept a certificate of a private authority. Its expiry and host name are still checked. Defaults to false. */
  privateCa?: boolean;
  /** Health check of the addresses. Defaults to a TCP connection. */
  healthCheck?: HealthCheckArgs;
  /** The shared balancer. Exactly one of `balancer` and `ownBalancer` is needed. */
  balancer?: GatewayBalancer;
  /** A balancer for this target alone. */
  ownBalancer?: GatewayBalancerArgs;
  /** Port of the target's listener on the balancer, from 1 to 65535. Defaults to a port derived from the component's name. */
  listenerPort?: number;
}

/** How an API reaches a target: the values of an API Gateway integration. */
export interface TargetIntegration {
  /** Always `http_proxy`: request and response pass unchanged. */
  type: "http_proxy";
  /** Always `VPC_LINK`. */
  connectionType: "VPC_LINK";
  /** Id of the VPC link. */
  connectionId: pulumi.Output<string>;
  /** Scheme, host name and listener port. */
  origin: pulumi.Output<string>;
  /** The origin with a greedy path behind it, for an API that is not built from a document. */
  uri: pulumi.Output<string>;
  /** ARN of the load balancer, which a V2 link needs; undefined for V1. */
  integrationTarget: pulumi.Output<string> | undefined;
  /** True when the certificate's authority is not checked (`privateCa`). */
  insecureSkipVerification: boolean;
}

/**
 * A private address elsewhere, made callable: target group, listener and attachments on a load balancer of the gateway
 * VPC, the balancer's security group rules for them, and the integration with which an API reaches it. The rules to its
 * addresses belong to the balancer, because several targets may have an address and port in common.
 *
 * Addresses outside the VPC are registered for zone `all`, and client addresses are not preserved, so that the service
 * sees the balancer's pinned addresses.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
 */
export class PrivateApiTarget extends pulumi.ComponentResource {
  /** Name of the target: the component's name. */
  readonly targetName: string;
  /** Path of the API below which the target is published. */
  readonly basePath: string;
  /** Port of the target's listener. */
  readonly listenerPort: number;
  /** The balancer, shared or own. */
  readonly balancer: GatewayBalancer;
  /** `http` or `https`. */
  readonly scheme: string;
  /** Host name that the API calls: the server name, or else the balancer's DNS name. */
  readonly host: pulumi.Output<string>;
  /** How an API reaches the target. */
  readonly integration: TargetIntegration;

  constructor(name: string, args: PrivateApiTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { basePath, provider } = args;
    super("central-private-gateway:index:PrivateApiTarget", name, { basePath, provider }, opts);
    this.listenerPort = args.listenerPort ?? derivedListenerPort(name);
    refuseProblems("PrivateApiTarget", name, [...targetProblems(name, args), ...this.claimPort(name, args)]);
    this.targetName = name;
    this.basePath = basePath;
    this.balancer = args.balancer ?? this.createBalancer(name, args.ownBalancer);

    const targetGroup = this.createTargetGroup(name, args);
    this.createListener(name, targetGroup);
    for (const address of args.addresses) this.register(name, address, args.port, targetGroup);
    if (this.balancer.linkSecurityGroupId !== undefined)
      this.admitLink(name, this.balancer.linkSecurityGroupId);

    this.scheme = args.scheme ?? "http";
    this.host = args.serverName === undefined ? this.balancer.dnsName : pulumi.output(args.serverName);
    this.integration = this.describeIntegration(args.privateCa ?? false);
    this.registerOutputs({ listenerPort: this.listenerPort, host: this.host });
  }

  private claimPort(name: string, { balancer, listenerPort }: PrivateApiTargetArgs): Problem[] {
    if (balancer === undefined) return [];
    const configured = listenerPort !== undefined;
    return claimListener(balancer, { target: name, port: this.listenerPort, configured });
  }

  /** The values that depend on AWS are made when somebody asks: an API that is built from a document never does. */
  private describeIntegration(insecureSkipVerification: boolean): TargetIntegration {
    const ending = (path: string) => this.host.apply((host) => `${originOf(this, host)}${path}`);
    return {
      type: "http_proxy",
      connectionType: "VPC_LINK",
      connectionId: this.balancer.vpcLinkId,
      get origin() {
        return ending("");
      },
      get uri() {
        return ending("/{proxy}");
      },
      integrationTarget: this.balancer.linkVersion === "V2" ? this.balancer.arn : undefined,
      insecureSkipVerification,
    };
  }

  private createBalancer(name: string, args: GatewayBalancerArgs | undefined): GatewayBalancer {
    if (args === undefined)
      throw new pulumi.InputPropertyError({ propertyPath: "ownBalancer", reason: "is missing" });
    return new GatewayBalancer(name, args, { parent: this });
  }

  private createTargetGroup(name: string, args: PrivateApiTargetArgs): aws.lb.TargetGroup {
    const protocol = args.healthCheck?.protocol ?? "TCP";
    const http = protocol === "TCP" ? {} : { path: args.healthCheck?.path ?? "/", matcher: "200-399" };
    return new aws.lb.TargetGroup(
      `${name}-tg`,
      {
        vpcId: this.balancer.vpcId,
        targetType: "ip",
        protocol: "TCP",
        port: args.port,
        preserveClientIp: "false",
        healthCheck: { enabled: true, protocol, port: "traffic-port", ...http },
        tags: { Name: name, Balancer: this.balancer.balancerName },
      },
      // A target group belongs to one balancer for life: it is replaced when the target moves, and with its balancer.
      { parent: this, replaceOnChanges: ["tags.Balancer"], replaceWith: [this.balancer.loadBalancer] },
    );
  }

  private createListener(name: string, targetGroup: aws.lb.TargetGroup): void {
    new aws.lb.Listener(
      `${name}-listener`,
      {
        loadBalancerArn: this.balancer.arn,
        port: this.listenerPort,
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      },
      // Another port is another listener: the deployed API goes on calling the old one until the new one is deployed.
      { parent: this, replaceOnChanges: ["port"] },
    );
  }

  private register(name: string, address: string, port: number, targetGroup: aws.lb.TargetGroup): void {
    const inside = this.balancer.vpcCidrBlocks.some((block) => contains(block, address));
    new aws.lb.TargetGroupAttachment(
      `${name}-attachment-${address}`,
      {
        targetGroupArn: targetGroup.arn,
        targetId: address,
        port,
        ...(inside ? {} : { availabilityZone: "all" }),
      },
      { parent: this },
    );
    openWay(this.balancer, address, port);
  }

  private admitLink(name: string, linkSecurityGroupId: pulumi.Output<string>): void {
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-link`,
      {
        securityGroupId: this.balancer.securityGroupId,
        referencedSecurityGroupId: linkSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: this.listenerPort,
        toPort: this.listenerPort,
        description: `from the VPC link to ${name}`,
      },
      { parent: this, replaceOnChanges: ["fromPort", "toPort"] },
    );
  }
}

/** Where requests for a target go, as a URL without a path: its scheme, the host name given, and its listener's port. */
export function originOf(
  { scheme, listenerPort }: Pick<PrivateApiTarget, "scheme" | "listenerPort">,
  host: string,
): string {
  return `${scheme}://${host}:${listenerPort}`;
}
