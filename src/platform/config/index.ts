/** The service's configuration: read once at start from environment variables, checked, frozen. */
export { CONFIG, type Config, ConfigError, loadConfig } from './config.js';
export { ConfigModule } from './config.module.js';
