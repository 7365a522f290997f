import { type ReactNode } from "react";
import { NewReplay } from "./NewReplay";
import { NewSimulation } from "./NewSimulation";
import { SimulationList } from "./SimulationList";
import { SimulationView } from "./SimulationView";
import "./simulator.css";

/** Simulations of the centre: `#/simulator`, `.../new`, `.../new/{example|yaml|id}`, `.../replay[/{id}]`, `.../{id}`. */
export function SimulatorPage({ second, third }: { second: string; third: string }): ReactNode {
  if (second === "new") return <NewSimulation from={third} />;
  if (second === "replay") return <NewReplay from={third} />;
  return second ? <SimulationView id={second} /> : <SimulationList />;
}
