"""Public notices before money is paid: masked lists, objections, when a line may be paid."""
