"""The Chalice app: blueprints and flags, nothing else."""

from chalice import Chalice

from chalicelib import sockets
from chalicelib.batch_rows import batch_functions
from chalicelib.exports import export_functions
from chalicelib.own_models import own_model_functions
from chalicelib.previews import preview_functions
from chalicelib.routes import (
    accounts,
    admin,
    batches,
    catalog,
    enhance,
    exports,
    gallery,
    history,
    jobs,
    openapi,
    seed_data,
    sharing,
    templates,
    verdicts,
)
from chalicelib.schedules import schedules
from chalicelib.seed_data import seed_data_functions
from chalicelib.worker import worker_functions

app = Chalice(app_name="pixel-prompt")
app.experimental_feature_flags.update(["BLUEPRINTS", "WEBSOCKETS"])
for module in (
    catalog,
    jobs,
    history,
    enhance,
    gallery,
    sharing,
    verdicts,
    accounts,
    admin,
    templates,
    seed_data,
    batches,
    exports,
    openapi,
):
    app.register_blueprint(module.api.refuse_other_methods())
app.register_blueprint(worker_functions)
app.register_blueprint(preview_functions)
app.register_blueprint(own_model_functions)
app.register_blueprint(seed_data_functions)
app.register_blueprint(batch_functions)
app.register_blueprint(export_functions)
app.register_blueprint(schedules)

# On the app and not on a blueprint, which hands socket handlers over unwrapped (Chalice 1.34).
connect = app.on_ws_connect()(sockets.connect)
message = app.on_ws_message()(sockets.message)
disconnect = app.on_ws_disconnect()(sockets.disconnect)
