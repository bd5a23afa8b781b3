"""Train the network that tells pores from everything else, and write it as ONNX.

Run with a Python that has torch and onnx, from the repository's root, with ``src`` on the path:
    PYTHONPATH=.:src python -m benchmarks.training.train SET... --minutes 30 --out pores.onnx
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional

from benchmarks.training.augment import Sample, crop, load

BATCH = 24
PEAK_RATE = 2.5e-3
AVERAGE = 0.998
"""Of the running mean of the weights, which is what is kept."""
FOCUS = 1.5
"""Power by which cells that are answered well already count less (Li et al. 2020, quality focal loss)."""
SIZE_SHARE = 0.3
"""Of the size's error in the loss."""


class Residual(nn.Module):  # type: ignore[misc]
    """Two convolutions beside a straight way through."""

    def __init__(self, width: int, spread: int = 1) -> None:
        """Keep the width; the first convolution looks ``spread`` cells apart."""
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=spread, dilation=spread)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Any) -> Any:
        """Apply it."""
        return functional.relu(x + self.second(functional.relu(self.first(x))))


class Network(nn.Module):  # type: ignore[misc]
    """A small U: half, quarter and eighth resolution, and back to half."""

    def __init__(self, widths: tuple[int, int, int] = (16, 32, 64)) -> None:
        """Widths at half, quarter and eighth resolution."""
        super().__init__()
        half, quarter, eighth = widths
        self.stem = nn.Conv2d(8, half, 3, padding=1)
        self.at_half = Residual(half)
        self.to_quarter = nn.Conv2d(half, quarter, 3, stride=2, padding=1)
        self.at_quarter = nn.Sequential(Residual(quarter), Residual(quarter))
        self.to_eighth = nn.Conv2d(quarter, eighth, 3, stride=2, padding=1)
        self.at_eighth = nn.Sequential(Residual(eighth), Residual(eighth, 2), Residual(eighth))
        self.from_eighth = nn.Conv2d(eighth, quarter, 1)
        self.quarter_again = Residual(quarter)
        self.from_quarter = nn.Conv2d(quarter, half, 1)
        self.half_again = Residual(half)
        self.answer = nn.Conv2d(half, 2, 1)
        nn.init.constant_(self.answer.bias, -3.0)

    def forward(self, contrast: Any) -> Any:
        """(n, 2, h, w) -> (n, 2, h/2, w/2): logit of a pore's middle, log diameter."""
        half = self.at_half(functional.relu(self.stem(functional.pixel_unshuffle(contrast, 2))))
        quarter = self.at_quarter(functional.relu(self.to_quarter(half)))
        eighth = self.at_eighth(functional.relu(self.to_eighth(quarter)))
        up = functional.interpolate(self.from_eighth(eighth), scale_factor=2.0, mode="nearest")
        quarter = self.quarter_again(functional.relu(quarter + up))
        up = functional.interpolate(self.from_quarter(quarter), scale_factor=2.0, mode="nearest")
        return self.answer(self.half_again(functional.relu(half + up)))


class Crops(torch.utils.data.IterableDataset):  # type: ignore[misc]
    """Endless batches of crops; each worker has its own random source."""

    def __init__(self, sets: list[list[Sample]], seed: int) -> None:
        """Draw from each set alike, however large it is."""
        self.sets, self.seed = sets, seed
        self.bare = [sample for samples in sets for sample in samples if sample.bare] or sets[0]

    def drawn(self, rng: np.random.Generator) -> Sample:
        """Draw one photo."""
        samples = self.sets[rng.integers(len(self.sets))]
        return samples[rng.integers(len(samples))]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Draw for ever."""
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            crops = [crop(self.drawn(rng), self.bare[rng.integers(len(self.bare))], rng) for _ in range(BATCH)]
            parts = zip(*((c.contrast, c.centre, c.weight, c.log_diameter) for c in crops), strict=True)
            yield tuple(torch.from_numpy(np.stack(part)) for part in parts)


def loss_of(answer: Any, centre: Any, weight: Any, log_diameter: Any) -> Any:
    """Focal cross entropy of the middles, and the size's error where a middle is."""
    logit, size = answer[:, 0], answer[:, 1]
    miss = (torch.sigmoid(logit) - centre).abs() ** FOCUS
    crossed = functional.binary_cross_entropy_with_logits(logit, centre, reduction="none")
    inside = centre * (centre > 1 / 2)
    middles = (crossed * miss * weight).sum() / (inside.sum() + 50)
    return middles + SIZE_SHARE * ((size - log_diameter).abs() * inside).sum() / (inside.sum() + 1)


def running_mean(kept: Any, new: Any, count: Any) -> Any:
    """Plain mean at first, forgetting later."""
    return kept + (new - kept) * max(1 - AVERAGE, 3 / (float(count) + 3))


def weights_in(path: Path) -> dict[str, Any]:
    """The weights of a network that was written as ONNX, or beside it as torch keeps them."""
    if path.suffix != ".onnx":
        return dict(torch.load(path, weights_only=True))
    held = onnx.load(path).graph.initializer
    return {each.name: torch.from_numpy(onnx.numpy_helper.to_array(each).copy()) for each in held}


def train(sets: list[list[Sample]], minutes: float, seed: int, start: Path | None) -> Network:
    """Train for a given time and return the mean of the weights."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # as fast as two here, and leaves a core to those who cut crops
    network = Network()
    if start:
        network.load_state_dict(weights_in(start))
    network = network.to(memory_format=torch.channels_last)
    kept = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
    )
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=1e-3)
    batches = iter(torch.utils.data.DataLoader(Crops(sets, seed), batch_size=None, num_workers=1, prefetch_factor=8))
    begun, step, mean = time.monotonic(), 0, 0.0
    while (spent := (time.monotonic() - begun) / 60 / minutes) < 1:
        rate = PEAK_RATE * min(step / 200 + 0.02, 1) * max((1 + np.cos(np.pi * spent)) / 2, 0.01)
        for group in optimiser.param_groups:
            group["lr"] = rate
        contrast, *wanted = next(batches)
        with torch.autocast("cpu", torch.bfloat16):
            answer = network(contrast.to(memory_format=torch.channels_last))
        loss = loss_of(answer.float(), *wanted)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        kept.update_parameters(network)
        step, mean = step + 1, 0.99 * mean + 0.01 * float(loss.detach())
        if step % 200 == 0:
            print(
                json.dumps({"step": step, "spent": round(spent, 3), "loss": round(mean / (1 - 0.99**step), 4)}),
                flush=True,
            )
    return kept.module  # type: ignore[no-any-return]


def export(network: Network, path: Path) -> None:
    """Write the network as ONNX, for pictures of any size."""
    network = network.to(memory_format=torch.contiguous_format).eval()
    torch.save(network.state_dict(), path.with_suffix(".pt"))
    torch.onnx.export(
        network,
        (torch.zeros(1, 2, 64, 64),),
        path,
        input_names=["contrast"],
        output_names=["answer"],
        dynamic_axes={"contrast": {2: "height", 3: "width"}, "answer": {2: "rows", 3: "columns"}},
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    """Train on folders of samples and write the network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a network to go on from, .onnx or .pt")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sets = [[load(path) for path in sorted(folder.glob("*.npz"))] for folder in given.sets]
    export(train(sets, given.minutes, given.seed, given.start), given.out)


if __name__ == "__main__":
    main()
