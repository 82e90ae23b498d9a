"""Muon for the weight matrices, AdamW for embeddings and norms."""
import torch

MOMENTUM, DECAY = 0.95, 0.05
MATRIX_PEAK, OTHER_PEAK = 0.02, 4e-3


def orthogonalize(stack):
    """Newton-Schulz iteration toward the nearest orthogonal matrices; stack: [count, rows, columns], rows <= columns."""
    x = stack.bfloat16()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.775 * a + 2.0315 * a @ a) @ x
    return x.float()


class Muon(torch.optim.Optimizer):
    """Momentum, then an orthogonalized step. Matrices of one shape are handled as one stack."""

    def __init__(self, matrices, peak):
        shapes = {}
        for matrix in matrices:
            shapes.setdefault(matrix.shape, []).append(matrix)
        super().__init__([{"params": same} for same in shapes.values()], {"lr": peak, "peak": peak})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            directions = []
            for matrix in group["params"]:
                momentum = self.state[matrix].setdefault("momentum", torch.zeros_like(matrix))
                momentum.mul_(MOMENTUM).add_(matrix.grad)
                directions.append(matrix.grad.add(momentum, alpha=MOMENTUM))
            rows, columns = group["params"][0].shape
            stack = torch.stack(directions)
            stack = orthogonalize(stack.mT).mT if rows > columns else orthogonalize(stack)
            scale = group["lr"] * max(1, rows / columns) ** 0.5
            for matrix, direction in zip(group["params"], stack):
                matrix.mul_(1 - group["lr"] * DECAY).add_(direction, alpha=-scale)


def make_optimizers(network):
    named = list(network.named_parameters())
    is_matrix = lambda name, weight: weight.ndim == 2 and "embed" not in name
    matrices = [weight for name, weight in named if is_matrix(name, weight)]
    others = [weight for name, weight in named if not is_matrix(name, weight)]
    adam = torch.optim.AdamW(others, lr=OTHER_PEAK, betas=(0.9, 0.95), weight_decay=0.0)
    adam.param_groups[0]["peak"] = OTHER_PEAK
    return [Muon(matrices, MATRIX_PEAK), adam]
