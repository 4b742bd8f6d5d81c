"""What caregivers are entitled to beside their wages, with every reason, and what they claim."""
