export * from './modbus-driver.ts';
