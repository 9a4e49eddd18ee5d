/** What others ask of a broker for its coordination: the controller, which is obeyed; leaders and administrators, who are served. */
import { ErrorCode } from '../../../protocol/errors.ts';
import type { ServerRequest } from '../../../rpc/api.ts';
import type { Admin } from './admin/admin.ts';
import type { Controller } from './controller/controller.ts';
import { OBEYED, type Obedience } from './obedience.ts';
import { type AdminRequest, type ControllerRequest, SERVED, servedRequest } from './requests.ts';
import { runTask } from './task.ts';
import { ignoreLostSession } from './zk-access.ts';

/** Keys of the APIs that go to the desk. */
export const HANDLED: readonly number[] = [...OBEYED, ...SERVED.map(({ api }) => api.key)];

type Refuse = (errorCode: number) => void;

export class RequestDesk {
  private readonly obedience: Obedience;
  private readonly controller: Controller;
  private readonly admin: Admin;

  constructor(obedience: Obedience, controller: Controller, admin: Admin) {
    this.obedience = obedience;
    this.controller = controller;
    this.admin = admin;
  }

  /** False if the request is none of the coordination's. */
  handle(request: ServerRequest): boolean {
    const { key } = request.api;
    if (OBEYED.includes(key)) {
      this.obedience.handle(request);
      return true;
    }
    const served = servedRequest(key);
    if (served === undefined) return false;
    const refuse: Refuse = (errorCode) => request.respond(served.refuse(request.body, errorCode));
    if (served.kind === 'admin') this.administer(served, request, refuse);
    else this.control(served, request, refuse);
    return true;
  }

  private control(served: ControllerRequest, request: ServerRequest, refuse: Refuse): void {
    let answered = false;
    const respond = (response: unknown): void => {
      answered = true;
      request.respond(response);
    };
    this.controller.request(
      (parts) => served.work(parts, request.body, respond),
      () => {
        if (!answered) refuse(ErrorCode.NOT_CONTROLLER);
      },
    );
  }

  private administer(served: AdminRequest, request: ServerRequest, refuse: Refuse): void {
    if (served.where === 'active-controller' && !this.controller.isActive) {
      refuse(ErrorCode.NOT_CONTROLLER);
      return;
    }
    runTask(
      served.work(this.admin, request.body),
      (response) => request.respond(response),
      (thrown) => {
        ignoreLostSession(thrown);
        refuse(ErrorCode.NOT_CONTROLLER);
      },
    );
  }
}
