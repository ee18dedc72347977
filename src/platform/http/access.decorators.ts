import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const PUBLIC = 'zhengben:public';
export const SCOPES = 'zhengben:scopes';
export const UNLIMITED = 'zhengben:unlimited';

/** Members that `createOpenApiDocument` turns into `security`. */
export const PUBLIC_EXTENSION = 'x-public';
export const SCOPES_EXTENSION = 'x-scopes';

type Both = MethodDecorator & ClassDecorator;

/** This route, or every route of this controller, answers callers without credentials. All others answer them 401. */
export const Public = (): Both => applyDecorators(SetMetadata(PUBLIC, true), ApiExtension(PUBLIC_EXTENSION, true));

/** API keys may call this route when they have every one of these scopes. A route that names none accepts sessions only. */
export const Scopes = (...scopes: [string, ...string[]]): Both => applyDecorators(SetMetadata(SCOPES, scopes), ApiExtension(SCOPES_EXTENSION, scopes));

/** This route is not counted against the rate limit: probes, metrics, and what a cache serves anyway. */
export const Unlimited = (): Both => applyDecorators(SetMetadata(UNLIMITED, true));
