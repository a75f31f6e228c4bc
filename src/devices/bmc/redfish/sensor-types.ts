/** Redfish's names of the IPMI sensor types that an event's kind hangs on (DSP8010, LogEntry.SensorType). */
const BY_NAME = new Map([
  ['Temperature', 0x01],
  ['Voltage', 0x02],
  ['Fan', 0x04],
  ['Physical Chassis Security', 0x05],
  ['Processor', 0x07],
  ['Power Supply / Converter', 0x08],
  ['Memory', 0x0c],
  ['Event Logging Disabled', 0x10],
  ['System Event', 0x12],
  ['Critical Interrupt', 0x13],
  ['Session Audit', 0x2a],
]);

export function sensorTypeByName(name: string): number | undefined {
  return BY_NAME.get(name);
}
