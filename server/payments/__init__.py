"""手机支付: money that comes by a provider: asked for, told of, counted once, given back."""
