import type { Cidr } from "../../common/ipv4";
import { Unknown } from "../../resources/resource";
import type { TargetGroup } from "../graph/balancers";
import type { Interface } from "./interface";

/** Something that a target group sends traffic to. */
export interface Target {
  label: string;
  /** For IP targets: the address, whose interface the walk finds. */
  address?: Cidr;
  /** For instances: the interface. */
  instance?: Interface;
  port: number;
  /** `all`, a zone, or undefined when it is not known. */
  zone?: string;
  healthPort: number;
}

/** The port of the health check for a target with the given port; undefined when the file does not tell it. */
export function healthPort(group: TargetGroup, traffic: number): number | undefined {
  const { port, told } = group.healthCheck;
  if (!told || port instanceof Unknown) return undefined;
  return port === undefined || port === "traffic-port" ? traffic : Number(port);
}
