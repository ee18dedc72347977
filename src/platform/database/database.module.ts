import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config/index.js';
import { assertServiceRole } from './assert-service-role.js';
import { dataSourceOptions, limitStatements } from './data-source-options.js';

@Module({})
export class DatabaseModule {
  static forRoot(): DynamicModule {
    const logger = new Logger('Database');
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [CONFIG],
          useFactory: (config: Config) => ({
            ...limitStatements(dataSourceOptions(config.database.url, config.database.poolSize, (error) => logger.warn(`connection lost: ${error.message}`))),
            autoLoadEntities: true,
            retryAttempts: 0,
          }),
          dataSourceFactory: async (options) => {
            if (!options) throw new Error('no database options');
            const dataSource = await new DataSource(options).initialize();
            await assertServiceRole(dataSource);
            return dataSource;
          },
        }),
      ],
    };
  }
}
