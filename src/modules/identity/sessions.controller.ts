import { Body, Controller, Delete, HttpCode, Inject, Ip, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../platform/http/index.js';
import { CLEARED_COOKIE, credentialOf, sessionCookie } from './credentials.js';
import { sessionAnswer, type SessionAnswer, signInBody, type SignInBody } from './identity.schemas.js';
import { SignIn } from './sign-in.js';
import { SignOut } from './sign-out.js';

@ApiTags('identity')
@Controller('sessions')
export class SessionsController {
  constructor(
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(SignOut) private readonly signOut: SignOut,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ summary: 'Sign in', description: 'Sets the cookie __Host-zhengben. Requests that change something by it must come from the same origin.' })
  @ApiResponse({ status: 201, standardSchema: sessionAnswer })
  async create(@Body({ schema: signInBody }) body: SignInBody, @Ip() ip: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    const { secret, ...session } = await this.signIn.execute(body, ip);
    reply.header('Set-Cookie', sessionCookie(secret)).header('Cache-Control', 'no-store');
    return session;
  }

  @Delete('current')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out' })
  async remove(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const credential = credentialOf(request);
    if (credential?.kind === 'session') await this.signOut.execute(credential.secret);
    reply.header('Set-Cookie', CLEARED_COOKIE);
  }
}
