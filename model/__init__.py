"""The container of an own model: a diffusers pipeline behind the HTTP that SageMaker speaks.

It knows nothing of the product beside it, and the product nothing of it but the HTTP.
"""
