"""The Chalice app: blueprints and flags, nothing else."""

from chalice import Chalice

from chalicelib.routes import catalog, enhance, gallery, jobs, openapi
from chalicelib.schedules import schedules
from chalicelib.sockets import sockets
from chalicelib.worker import worker_functions

app = Chalice(app_name="pixel-prompt")
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
for module in (catalog, jobs, enhance, gallery, openapi):
    app.register_blueprint(module.api.refuse_other_methods())
for blueprint in (sockets, worker_functions, schedules):
    app.register_blueprint(blueprint)
